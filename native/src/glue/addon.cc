#include "kmsg_reader.h"
#include "memory_recorder.h"
#include "napi_setup.h"
#include "oom_witness.h"
#include "out_of_memory.h"
#include "text_search.h"
#include "trim_memory.h"

namespace kmsg {
namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  exports.Set("KmsgReader", DefineKmsgReader(env));
  exports.Set("MemoryRecorder", DefineMemoryRecorder(env));
  exports.Set("OomWitness", DefineOomWitness(env));
  exports.Set("TextSearch", DefineTextSearch(env));
  exports.Set("endWhenOutOfMemory", DefineEndWhenOutOfMemory(env));
  exports.Set("trimMemory", DefineTrimMemory(env));
  return exports;
}

NODE_API_MODULE(kmsg, Init)

}  // namespace
}  // namespace kmsg
