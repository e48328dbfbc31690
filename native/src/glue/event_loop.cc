#include "event_loop.h"

namespace kmsg {

void CallFromEventLoop(Napi::Env env, Napi::Function function) {
  // Not function.Call: what stops a worker that is terminated here is an exception that no
  // Napi::Error can hold (it ends in napi_fatal_error). Here napi_get_and_clear_last_exception
  // gives undefined for it, and napi_fatal_exception declines.
  if (napi_call_function(env, env.Undefined(), function, 0, nullptr, nullptr) == napi_ok) return;
  // Below NAPI_VERSION 10, Node does no more than warn of what the function throws.
  napi_value exception;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
}

}  // namespace kmsg
