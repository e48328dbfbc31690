#pragma once

#include "napi_setup.h"

namespace kmsg {

/** Calls a function without arguments from the event loop, for a threadsafe function. */
void CallFromEventLoop(Napi::Env env, Napi::Function function);

}  // namespace kmsg
