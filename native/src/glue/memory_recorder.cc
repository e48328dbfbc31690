#include "memory_recorder.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "../memory/memory_recorder.h"
#include "fields.h"
#include "options.h"
#include "system_error.h"

namespace kmsg {
namespace {

constexpr uint32_t kMaxClose = 1000;

/** Empty: an exception is pending. */
std::optional<MemoryRecorderOptions> ParseRecorderOptions(Napi::Env env, Napi::Value value) {
  if (!value.IsObject()) {
    Napi::TypeError::New(env, "options must be an object").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  const Napi::Value version = value.As<Napi::Object>().Get("version");
  const Napi::Value root = value.As<Napi::Object>().Get("root");
  if (version.IsEmpty() || root.IsEmpty()) return std::nullopt;
  MemoryRecorderOptions options;
  const double number = version.IsNumber() ? version.As<Napi::Number>().DoubleValue() : 0;
  if (number != 1 && number != 2) {
    Napi::TypeError::New(env, "options.version must be 1 or 2").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  options.version = number == 1 ? CgroupVersion::kV1 : CgroupVersion::kV2;
  if (!GetPath(env, root, "options.root", &options.root)) return std::nullopt;
  return options;
}

void SetKib(Fields* object, const char* name, uint32_t kib) {
  if (kib != kNoKib) object->Set(name, kib);
}

Fields ToObject(napi_env env, const ProcessSample& process) {
  Fields object(env);
  object.Set("pid", process.pid);
  object.Set("startTicks", process.start);
  object.SetLatin1("comm", process.name);
  object.Set("anonRssKiB", process.anon);
  SetKib(&object, "fileRssKiB", process.file);
  SetKib(&object, "shmemRssKiB", process.shmem);
  return object;
}

Fields ToObject(napi_env env, const MemorySample& sample, const ProcessList* list) {
  Fields object(env);
  object.Set("monotonicUs", sample.at_us);
  object.Set("usageKiB", sample.usage);
  SetKib(&object, "limitKiB", sample.limit);
  SetKib(&object, "anonKiB", sample.anon);
  SetKib(&object, "fileKiB", sample.file);
  SetKib(&object, "shmemKiB", sample.shmem);
  SetKib(&object, "kernelKiB", sample.kernel);
  SetKib(&object, "swapKiB", sample.swap);
  SetKib(&object, "inactiveFileKiB", sample.inactive_file);
  if (list == nullptr) return object;
  napi_value processes = nullptr;
  napi_create_array(env, &processes);
  uint32_t count = 0;
  for (const ProcessSample& process : list->processes) {
    napi_set_element(env, processes, count++, ToObject(env, process).object());
  }
  object.Set("processes", processes);
  return object;
}

Fields ToObject(napi_env env, const RunUp& run_up) {
  Fields object(env);
  object.SetLatin1("path", run_up.path);
  object.Set("sinceMonotonicUs", run_up.since_us);
  napi_value samples = nullptr;
  napi_create_array(env, &samples);
  uint32_t count = 0;
  auto list = run_up.lists.begin();
  for (const MemorySample& sample : run_up.samples) {
    // Both are in the order of time; a sample that was thinned out leaves its list behind.
    while (list != run_up.lists.end() && list->at_us < sample.at_us) list++;
    const bool has_list = list != run_up.lists.end() && list->at_us == sample.at_us;
    const Fields of_sample = ToObject(env, sample, has_list ? &*list : nullptr);
    napi_set_element(env, samples, count++, of_sample.object());
  }
  object.Set("samples", samples);
  return object;
}

/** The class of index.d.ts. Nothing of it is called by its thread, so it may be collected like any
 * object. */
class MemoryRecorderObject : public Napi::ObjectWrap<MemoryRecorderObject> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "MemoryRecorder",
                       {
                           InstanceMethod<&MemoryRecorderObject::GetRunUp>("runUp"),
                           InstanceMethod<&MemoryRecorderObject::GetClose>("closeToLimit"),
                           InstanceMethod<&MemoryRecorderObject::GetStats>("stats"),
                           InstanceMethod<&MemoryRecorderObject::Close>("close"),
                       });
  }

  explicit MemoryRecorderObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const Napi::Env env = info.Env();
    std::optional<MemoryRecorderOptions> options = ParseRecorderOptions(env, info[0]);
    if (!options) return;
    const std::string root = options->root;
    IoError error;
    recorder_ = MemoryRecorder::Start(*std::move(options), &error);
    if (!recorder_) ToError(env, error, root).ThrowAsJavaScriptException();
  }

 private:
  Napi::Value GetRunUp(const Napi::CallbackInfo& info);
  Napi::Value GetClose(const Napi::CallbackInfo& info);
  Napi::Value GetStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo&) {
    if (recorder_) recorder_->Stop();
  }

  /** Null: the constructor has failed. */
  std::unique_ptr<MemoryRecorder> recorder_;
};

Napi::Value MemoryRecorderObject::GetRunUp(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsBuffer() || !info[1].IsNumber()) {
    Napi::TypeError::New(env, "path must be a Buffer, atMonotonicUs a number")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  const auto path = info[0].As<Napi::Buffer<char>>();
  const double at = info[1].As<Napi::Number>().DoubleValue();
  if (!recorder_) return env.Undefined();
  const std::optional<RunUp> run_up =
      recorder_->store().Find({path.Data(), path.Length()},
                              at >= 1e18 ? UINT64_MAX : static_cast<uint64_t>(std::max(at, 0.0)));
  return run_up ? Napi::Value(env, ToObject(env, *run_up).object()) : env.Undefined();
}

Napi::Value MemoryRecorderObject::GetClose(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const double share = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
  const double max = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : -1;
  if (!(share >= 0) || !(max >= 0)) {
    Napi::TypeError::New(env, "share and max must be numbers, from 0 on")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  Napi::Array close = Napi::Array::New(env);
  if (!recorder_) return close;
  uint32_t count = 0;
  for (const RunUp& run_up :
       recorder_->store().Close(share, static_cast<size_t>(std::min<double>(max, kMaxClose)))) {
    napi_set_element(env, close, count++, ToObject(env, run_up).object());
  }
  return close;
}

Napi::Value MemoryRecorderObject::GetStats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Fields object(env);
  if (!recorder_) return env.Undefined();
  const MemoryRecorder::Stats stats = recorder_->stats();
  object.Set("cgroups", stats.store.cgroups);
  object.Set("limited", stats.limited);
  object.Set("followed", stats.followed);
  object.Set("heldSamples", stats.store.samples);
  object.Set("heldProcesses", stats.store.processes);
  object.Set("heldBytes", stats.store.bytes);
  object.Set("looks", stats.looks);
  object.Set("samples", stats.samples);
  object.Set("cpuShare", stats.share);
  object.Set("stretch", stats.stretch);
  object.Set("leftOut", stats.left_out);
  object.Set("lacksWatches", stats.lacks_watches);
  object.Set("processesDenied", stats.processes_denied);
  if (stats.since_us != 0) object.Set("sinceMonotonicUs", stats.since_us);
  return Napi::Value(env, object.object());
}

}  // namespace

Napi::Function DefineMemoryRecorder(Napi::Env env) { return MemoryRecorderObject::Define(env); }

}  // namespace kmsg
