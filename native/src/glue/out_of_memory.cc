#include "out_of_memory.h"

#include <unistd.h>

#include <cstddef>
#include <string>

#include "v8_isolate.h"

namespace kmsg {

using NearHeapLimit = size_t (*)(void* data, size_t current, size_t initial);
using OutOfMemory = void (*)(const char* location, const void* details);

void AddNearHeapLimitCallback(void* isolate, NearHeapLimit callback, void* data)
    OOMWATCHER_IF_THERE("_ZN2v87Isolate24AddNearHeapLimitCallbackEPFmPvmmES1_");
void SetOomErrorHandler(void* isolate, OutOfMemory callback)
    OOMWATCHER_IF_THERE("_ZN2v87Isolate18SetOOMErrorHandlerEPFvPKcRKNS_10OOMDetailsEE");

namespace {

bool V8IsAsExpected() {
  return AddNearHeapLimitCallback != nullptr && SetOomErrorHandler != nullptr;
}

/** Never freed: the end may come while others are. */
std::string* last_words;
int exit_code;

[[noreturn]] void End() {
  // Nothing here may need memory, and nobody can do anything for what is not written.
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, last_words->data(), last_words->size());
  _exit(exit_code);
}

size_t OnNearHeapLimit(void* /*data*/, size_t /*current*/, size_t /*initial*/) { End(); }

void OnOutOfMemory(const char* /*location*/, const void* /*details*/) { End(); }

Napi::Value EndWhenOutOfMemory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsNumber()) {
    Napi::TypeError::New(env, "a sentence and an exit code").ThrowAsJavaScriptException();
    return env.Undefined();
  }
  void* const isolate = V8IsAsExpected() ? CurrentIsolate() : nullptr;
  if (isolate == nullptr) return Napi::Boolean::New(env, false);
  const bool is_first = last_words == nullptr;
  if (is_first) last_words = new std::string;
  *last_words = info[0].As<Napi::String>().Utf8Value() + "\n";
  exit_code = info[1].As<Napi::Number>().Int32Value();
  if (is_first) {
    AddNearHeapLimitCallback(isolate, OnNearHeapLimit, nullptr);
    SetOomErrorHandler(isolate, OnOutOfMemory);
  }
  return Napi::Boolean::New(env, true);
}

}  // namespace

Napi::Function DefineEndWhenOutOfMemory(Napi::Env env) {
  return Napi::Function::New(env, EndWhenOutOfMemory, "endWhenOutOfMemory");
}

}  // namespace kmsg
