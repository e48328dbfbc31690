#include "trim_memory.h"

#include <cstddef>

#include "v8_isolate.h"

namespace kmsg {

void LowMemoryNotification(void* isolate)
    OOMWATCHER_IF_THERE("_ZN2v87Isolate21LowMemoryNotificationEv");
/** glibc's; musl has none, and gives pages back by itself. */
extern "C" int malloc_trim(size_t left) __attribute__((weak, visibility("default")));

namespace {

Napi::Value TrimMemory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  void* const isolate = CurrentIsolate();
  if (isolate == nullptr || LowMemoryNotification == nullptr) return Napi::Boolean::New(env, false);
  LowMemoryNotification(isolate);
  if (malloc_trim != nullptr) malloc_trim(0);
  return Napi::Boolean::New(env, true);
}

}  // namespace

Napi::Function DefineTrimMemory(Napi::Env env) {
  return Napi::Function::New(env, TrimMemory, "trimMemory");
}

}  // namespace kmsg
