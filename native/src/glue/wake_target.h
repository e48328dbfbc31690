#pragma once

#include <memory>

#include "napi_setup.h"

namespace kmsg {

/**
 * Whom a wake is for; null once that is closed. It lives as long as the threadsafe function, which
 * outlives the object: runtimes other than Node deliver a wake that was queued before the abort,
 * and the object may be collected by then.
 */
template <typename Object>
struct WakeTarget {
  Object* object;
};

/** A threadsafe function with at most one call queued, which owns its target. Null: an exception is
 * pending. */
template <typename Wake, typename Object>
Wake NewWake(Napi::Env env, const Napi::Function& on_wake, const char* name,
             std::unique_ptr<WakeTarget<Object>> target) {
  Wake wake = Wake::New(
      env, on_wake, name, 1, 1, target.get(),
      [](Napi::Env, void*, WakeTarget<Object>* finalized) { delete finalized; },
      static_cast<void*>(nullptr));
  if (static_cast<napi_threadsafe_function>(wake) != nullptr) target.release();
  return wake;
}

}  // namespace kmsg
