#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The class MemoryRecorder of index.d.ts. */
Napi::Function DefineMemoryRecorder(Napi::Env env);

}  // namespace kmsg
