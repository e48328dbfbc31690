#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The function trimMemory of index.d.ts. */
Napi::Function DefineTrimMemory(Napi::Env env);

}  // namespace kmsg
