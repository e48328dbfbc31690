#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The function endWhenOutOfMemory of index.d.ts. */
Napi::Function DefineEndWhenOutOfMemory(Napi::Env env);

}  // namespace kmsg
