#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The class TextSearch of index.d.ts. */
Napi::Function DefineTextSearch(Napi::Env env);

}  // namespace kmsg
