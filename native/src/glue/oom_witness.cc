#include "oom_witness.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "../witness/witness.h"
#include "event_loop.h"
#include "fields.h"
#include "options.h"
#include "system_error.h"
#include "witness_object.h"

namespace kmsg {
namespace {

constexpr uint32_t kDefaultRingBytes = 512 * 1024;
constexpr uint32_t kMaxRingBytes = 64 * 1024 * 1024;
constexpr uint32_t kMaxAtOnce = 256;

/** Empty: an exception is pending. */
std::optional<WitnessOptions> ParseOptions(Napi::Env env, Napi::Value value) {
  if (!value.IsObject()) {
    Napi::TypeError::New(env, "options must be an object").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  const Napi::Value ring = value.As<Napi::Object>().Get("ringBytes");
  const Napi::Value pins = value.As<Napi::Object>().Get("pins");
  const Napi::Value keep = value.As<Napi::Object>().Get("keepUntilReleased");
  if (ring.IsEmpty() || pins.IsEmpty() || keep.IsEmpty()) return std::nullopt;
  WitnessOptions options = {kDefaultRingBytes};
  if (!pins.IsUndefined() && !GetPath(env, pins, "options.pins", &options.pins)) {
    return std::nullopt;
  }
  if (keep.ToBoolean()) options.keep = WitnessReader::Keep::kUntilReleased;
  if (ring.IsUndefined()) return options;
  const double bytes = ring.IsNumber() ? ring.As<Napi::Number>().DoubleValue() : 0;
  options.ring_bytes = bytes >= 0 && bytes <= kMaxRingBytes ? static_cast<uint32_t>(bytes) : 0;
  const uint32_t page = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
  const bool power_of_two = (options.ring_bytes & (options.ring_bytes - 1)) == 0;
  if (options.ring_bytes != bytes || options.ring_bytes < page || !power_of_two) {
    Napi::RangeError::New(
        env, "options.ringBytes must be a power of two, at least a page and at most 64 MiB")
        .ThrowAsJavaScriptException();
    return std::nullopt;
  }
  return options;
}

/** The class of index.d.ts. Its lifetime is that of KmsgReader, see there. */
class OomWitness : public Napi::ObjectWrap<OomWitness> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "OomWitness",
                       {
                           InstanceMethod<&OomWitness::Read>("read"),
                           InstanceMethod<&OomWitness::Release>("release"),
                           InstanceMethod<&OomWitness::GetStats>("stats"),
                           InstanceMethod<&OomWitness::Close>("close"),
                           InstanceMethod<&OomWitness::Ref>("ref"),
                           InstanceMethod<&OomWitness::Unref>("unref"),
                           StaticMethod<&OomWitness::Remove>("remove"),
                       });
  }

  explicit OomWitness(const Napi::CallbackInfo& info);
  ~OomWitness() override { Shutdown(); }

 private:
  static void OnWake(Napi::Env env, Napi::Function on_wake, OomWitness* witness, void* unused);
  using Wake = Napi::TypedThreadSafeFunction<OomWitness, void, &OomWitness::OnWake>;

  Napi::Value Read(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);
  Napi::Value GetStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo&) { Shutdown(); }
  void Ref(const Napi::CallbackInfo& info);
  void Unref(const Napi::CallbackInfo& info);
  static void Remove(const Napi::CallbackInfo& info);

  void Shutdown();
  static void OnEnvironmentEnd(void* witness) { static_cast<OomWitness*>(witness)->Shutdown(); }

  /** Null: closed. */
  std::unique_ptr<Witness> witness_;
  Wake wake_;
  /** What stats() answers when closed. */
  Witness::Stats last_stats_;
};

OomWitness::OomWitness(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  const std::optional<WitnessOptions> options = ParseOptions(env, info[0]);
  if (!options) return;
  if (!info[1].IsFunction()) {
    Napi::TypeError::New(env, "onWake must be a function").ThrowAsJavaScriptException();
    return;
  }
  wake_ = Wake::New(env, info[1].As<Napi::Function>(), "OomWitness", 1, 1, this);
  if (static_cast<napi_threadsafe_function>(wake_) == nullptr) return;
  IoError error;
  witness_ = Witness::Start(
      *options, [wake = wake_] { wake.NonBlockingCall(); }, &error);
  if (!witness_) {
    wake_.Abort();
    ToError(env, error).ThrowAsJavaScriptException();
    return;
  }
  napi_add_env_cleanup_hook(env, OnEnvironmentEnd, this);
}

void OomWitness::Shutdown() {
  if (!witness_) return;
  napi_remove_env_cleanup_hook(Env(), OnEnvironmentEnd, this);
  witness_->Stop();
  last_stats_ = witness_->stats();
  witness_.reset();
  wake_.Abort();
}

void OomWitness::OnWake(Napi::Env env, Napi::Function on_wake, OomWitness* witness, void*) {
  if (env == nullptr || on_wake.IsEmpty()) return;
  // See KmsgReader.
  if (!witness->witness_) return;
  witness->witness_->WakeDelivered();
  CallFromEventLoop(env, on_wake);
}

void OomWitness::Remove(const Napi::CallbackInfo& info) {
  std::string path;
  if (!GetPath(info.Env(), info[0], "path", &path)) return;
  IoError error;
  if (!RemovePins(path, &error)) ToError(info.Env(), error).ThrowAsJavaScriptException();
}

Napi::Value OomWitness::Read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array records = Napi::Array::New(env);
  for (uint32_t count = 0; witness_ && count < kMaxAtOnce; count++) {
    const std::optional<Witnessed> witnessed = witness_->Take();
    if (!witnessed) break;
    napi_set_element(env, records, count, ToObject(env, *witnessed));
  }
  return records;
}

void OomWitness::Release(const Napi::CallbackInfo& info) {
  const double count = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : -1;
  if (!(count >= 0)) {
    Napi::TypeError::New(info.Env(), "count must be a number of records")
        .ThrowAsJavaScriptException();
    return;
  }
  if (witness_) witness_->Release(static_cast<size_t>(std::min(count, 1e9)));
}

void OomWitness::Ref(const Napi::CallbackInfo& info) {
  if (witness_) wake_.Ref(info.Env());
}

void OomWitness::Unref(const Napi::CallbackInfo& info) {
  if (witness_) wake_.Unref(info.Env());
}

Napi::Value OomWitness::GetStats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Witness::Stats stats = witness_ ? witness_->stats() : last_stats_;
  Fields object(env);
  if (stats.kernel) {
    object.Set("told", stats.kernel->told);
    object.Set("dropped", stats.kernel->dropped);
    object.Set("dying", stats.kernel->dying);
    object.Set("undecided", stats.kernel->undecided);
  }
  object.Set("taken", stats.reader.taken);
  object.Set("malformed", stats.reader.malformed);
  object.Set("pinned", stats.pinned);
  if (!stats.pins_message.empty()) object.Set("pinsMessage", stats.pins_message.c_str());
  object.Set("control", stats.control == Witness::Control::kAttached  ? "attached"
                        : stats.control == Witness::Control::kRefused ? "refused"
                                                                      : "trying");
  if (!stats.control_message.empty()) object.Set("controlMessage", stats.control_message.c_str());
  return Napi::Value(env, object.object());
}

}  // namespace

Napi::Function DefineOomWitness(Napi::Env env) { return OomWitness::Define(env); }

}  // namespace kmsg
