#pragma once

#include "../witness/witnessed.h"
#include "napi_setup.h"

namespace kmsg {

/** A WitnessRecord of index.d.ts. */
napi_value ToObject(napi_env env, const Witnessed& witnessed);

}  // namespace kmsg
