// Long, because the one class of the seam, its options and its four static doors are one file.

#include "oom_witness.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../witness/hand_over.h"
#include "../witness/witness.h"
#include "event_loop.h"
#include "fields.h"
#include "options.h"
#include "system_error.h"
#include "wake_target.h"
#include "witness_object.h"

namespace kmsg {
namespace {

constexpr uint32_t kDefaultRingBytes = 512 * 1024;
constexpr uint32_t kMaxRingBytes = 64 * 1024 * 1024;
constexpr uint32_t kMaxAtOnce = 256;

constexpr char kNotDescriptors[] = "descriptors must be an array of { name: string, fd: number }";

/** Empty: an exception is pending. */
std::optional<std::vector<NamedFdView>> ParseDescriptors(Napi::Env env, Napi::Value value) {
  std::vector<NamedFdView> views;
  bool right = value.IsArray();
  const uint32_t length = right ? value.As<Napi::Array>().Length() : 0;
  for (uint32_t i = 0; right && i < length; i++) {
    const Napi::Value item = value.As<Napi::Array>().Get(i);
    right = !item.IsEmpty() && item.IsObject();
    if (!right) break;
    const Napi::Value name = item.As<Napi::Object>().Get("name");
    const Napi::Value fd = item.As<Napi::Object>().Get("fd");
    right = !name.IsEmpty() && !fd.IsEmpty() && name.IsString() && fd.IsNumber();
    if (right) {
      views.push_back({name.As<Napi::String>().Utf8Value(), fd.As<Napi::Number>().Int32Value()});
      right = views.back().fd >= 0;
    }
  }
  if (right) return views;
  if (!env.IsExceptionPending()) {
    Napi::TypeError::New(env, kNotDescriptors).ThrowAsJavaScriptException();
  }
  return std::nullopt;
}

/** Empty: an exception is pending. */
std::optional<std::vector<std::string>> ParseStrings(Napi::Env env, Napi::Value value,
                                                     const char* wrong) {
  std::vector<std::string> strings;
  bool right = value.IsArray();
  const uint32_t length = right ? value.As<Napi::Array>().Length() : 0;
  for (uint32_t i = 0; right && i < length; i++) {
    const Napi::Value item = value.As<Napi::Array>().Get(i);
    right = !item.IsEmpty() && item.IsString();
    if (right) strings.push_back(item.As<Napi::String>().Utf8Value());
  }
  if (right && !strings.empty()) return strings;
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, wrong).ThrowAsJavaScriptException();
  return std::nullopt;
}

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
  options.keep_until_released = keep.ToBoolean();
  const Napi::Value handed = value.As<Napi::Object>().Get("handed");
  if (handed.IsEmpty()) return std::nullopt;
  if (!handed.IsUndefined()) {
    const auto views = ParseDescriptors(env, handed);
    if (!views) return std::nullopt;
    for (const NamedFdView& view : *views) {
      options.handed.push_back({view.name, UniqueFd(view.fd)});
    }
  }
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
                           StaticMethod<&OomWitness::Load>("load"),
                           StaticMethod<&OomWitness::BecomeCommand>("become"),
                           StaticMethod<&OomWitness::Store>("store"),
                           StaticMethod<&OomWitness::Forget>("forget"),
                       });
  }

  explicit OomWitness(const Napi::CallbackInfo& info);
  ~OomWitness() override { Shutdown(); }

 private:
  using Target = WakeTarget<OomWitness>;
  static void OnWake(Napi::Env env, Napi::Function on_wake, Target* target, void* unused);
  using Wake = Napi::TypedThreadSafeFunction<Target, void, &OomWitness::OnWake>;

  Napi::Value Read(const Napi::CallbackInfo& info);
  void Release(const Napi::CallbackInfo& info);
  Napi::Value GetStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo&) { Shutdown(); }
  void Ref(const Napi::CallbackInfo& info);
  void Unref(const Napi::CallbackInfo& info);
  static void Remove(const Napi::CallbackInfo& info);
  static Napi::Value Load(const Napi::CallbackInfo& info);
  static void BecomeCommand(const Napi::CallbackInfo& info);
  static void Store(const Napi::CallbackInfo& info);
  static void Forget(const Napi::CallbackInfo& info);

  void Shutdown();
  static void OnEnvironmentEnd(void* witness) { static_cast<OomWitness*>(witness)->Shutdown(); }

  /** Null: closed. */
  std::unique_ptr<Witness> witness_;
  Wake wake_;
  /** The threadsafe function's. */
  Target* target_ = nullptr;
  /** What stats() answers when closed. */
  Witness::Stats last_stats_;
};

OomWitness::OomWitness(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  std::optional<WitnessOptions> options = ParseOptions(env, info[0]);
  if (!options) return;
  if (!info[1].IsFunction()) {
    Napi::TypeError::New(env, "onWake must be a function").ThrowAsJavaScriptException();
    return;
  }
  auto target = std::make_unique<Target>(Target{this});
  target_ = target.get();
  wake_ = NewWake<Wake>(env, info[1].As<Napi::Function>(), "OomWitness", std::move(target));
  if (static_cast<napi_threadsafe_function>(wake_) == nullptr) return;
  IoError error;
  witness_ = Witness::Start(
      *std::move(options), [wake = wake_] { wake.NonBlockingCall(); }, &error);
  if (!witness_) {
    target_->object = nullptr;
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
  target_->object = nullptr;
  wake_.Abort();
}

void OomWitness::OnWake(Napi::Env env, Napi::Function on_wake, Target* target, void*) {
  // See KmsgReader.
  if (env == nullptr || on_wake.IsEmpty() || target->object == nullptr) return;
  target->object->witness_->WakeDelivered();
  CallFromEventLoop(env, on_wake);
}

void OomWitness::Remove(const Napi::CallbackInfo& info) {
  std::string path;
  if (!GetPath(info.Env(), info[0], "path", &path)) return;
  IoError error;
  if (!RemovePins(path, &error)) ToError(info.Env(), error).ThrowAsJavaScriptException();
}

Napi::Value OomWitness::Load(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  std::optional<WitnessOptions> options = ParseOptions(env, info[0]);
  if (!options) return env.Undefined();
  IoError error;
  std::optional<LoadedWitness> loaded = LoadWitness(*std::move(options), &error);
  if (!loaded) {
    ToError(env, error).ThrowAsJavaScriptException();
    return env.Undefined();
  }
  Fields object(env);
  object.Set("pinned", loaded->pinned);
  if (!loaded->pins_message.empty()) object.Set("pinsMessage", loaded->pins_message.c_str());
  object.Set("control", loaded->control ? "attached" : "refused");
  if (!loaded->control_message.empty()) {
    object.Set("controlMessage", loaded->control_message.c_str());
  }
  napi_value descriptors = nullptr;
  napi_create_array(env, &descriptors);
  uint32_t count = 0;
  for (NamedFd& named : loaded->fds) {
    Fields descriptor(env);
    descriptor.Set("name", named.name.c_str());
    descriptor.Set("fd", named.fd.release());
    napi_set_element(env, descriptors, count++, descriptor.object());
  }
  object.Set("descriptors", descriptors);
  return Napi::Value(env, object.object());
}

void OomWitness::BecomeCommand(const Napi::CallbackInfo& info) {
  const auto command = ParseStrings(info.Env(), info[0], "command must be an array of strings");
  if (!command) return;
  const auto descriptors = ParseDescriptors(info.Env(), info[1]);
  if (!descriptors) return;
  ToError(info.Env(), BecomeWith(*command, *descriptors)).ThrowAsJavaScriptException();
}

void OomWitness::Store(const Napi::CallbackInfo& info) {
  std::string socket;
  if (!GetPath(info.Env(), info[0], "socket", &socket)) return;
  const auto descriptors = ParseDescriptors(info.Env(), info[1]);
  if (!descriptors) return;
  IoError error;
  if (!StoreAt(socket, *descriptors, &error)) {
    ToError(info.Env(), error).ThrowAsJavaScriptException();
  }
}

void OomWitness::Forget(const Napi::CallbackInfo& info) {
  std::string socket;
  if (!GetPath(info.Env(), info[0], "socket", &socket)) return;
  const auto names = ParseStrings(info.Env(), info[1], "names must be an array of strings");
  if (!names) return;
  IoError error;
  if (!ForgetAt(socket, *names, &error)) ToError(info.Env(), error).ThrowAsJavaScriptException();
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
