#pragma once

#include "napi_setup.h"

namespace kmsg {

/** The class OomWitness of index.d.ts. */
Napi::Function DefineOomWitness(Napi::Env env);

}  // namespace kmsg
