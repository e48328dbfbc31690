#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The class KmsgReader of index.d.ts. */
Napi::Function DefineKmsgReader(Napi::Env env);

}  // namespace kmsg
