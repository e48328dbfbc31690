#include "oom_witness.h"

#include <unistd.h>

#include <memory>
#include <optional>
#include <string>

#include "../witness/witness.h"
#include "event_loop.h"
#include "system_error.h"

namespace kmsg {
namespace {

constexpr uint32_t kDefaultRingBytes = 512 * 1024;
constexpr uint32_t kMaxRingBytes = 64 * 1024 * 1024;
constexpr uint32_t kMostAtOnce = 256;

/** One character a byte: a name from the kernel is bytes. */
Napi::String Latin1(Napi::Env env, const std::string& bytes) {
  napi_value value;
  napi_create_string_latin1(env, bytes.data(), bytes.size(), &value);
  return Napi::String(env, value);
}

Napi::Number Number(Napi::Env env, uint64_t value) {
  return Napi::Number::New(env, static_cast<double>(value));
}

/** What a page counter holds where there is no limit (PAGE_COUNTER_MAX). */
uint64_t NoLimit() {
  return static_cast<uint64_t>(INT64_MAX) / static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

class ToObject {
 public:
  explicit ToObject(Napi::Env env)
      : env_(env),
        page_kib_(static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024),
        no_limit_(NoLimit()) {}

  Napi::Object operator()(const Witnessed& witnessed) const {
    const witness_record& fields = witnessed.fields;
    Napi::Object record = Napi::Object::New(env_);
    record.Set("kind", Kind(fields.kind));
    record.Set("sequence", Number(env_, fields.sequence));
    record.Set("dropped", Number(env_, fields.dropped));
    record.Set("monotonicUs",
               Napi::Number::New(env_, static_cast<double>(fields.monotonic_ns) / 1e3));
    record.Set("takenMonotonicUs", Number(env_, witnessed.taken_us));
    record.Set("process", Process(fields));
    if ((fields.flags & WITNESS_HAS_NUMBER) != 0) {
      record.Set("number", Number(env_, fields.number));
      record.Set("numberCgroupId", Napi::BigInt::New(env_, uint64_t{fields.number_cgroup_id}));
    }
    if (fields.kind != WITNESS_KILL) return record;
    record.Set("trigger", Trigger(witnessed));
    record.Set("levels", Levels(witnessed, false));
    record.Set("levelsCut", Napi::Boolean::New(env_, (fields.flags & WITNESS_CHAIN_CUT) != 0));
    if ((fields.flags & WITNESS_HAS_CONTROL) != 0) record.Set("control", Control(fields));
    return record;
  }

 private:
  Napi::String Kind(witness_u8 kind) const {
    return Napi::String::New(env_, kind == WITNESS_KILL     ? "kill"
                                   : kind == WITNESS_SHARER ? "sharer"
                                                            : "again");
  }

  Napi::Object Process(const witness_record& fields) const {
    Napi::Object process = Napi::Object::New(env_);
    process.Set("pid", Napi::Number::New(env_, fields.pid));
    process.Set("tgid", Napi::Number::New(env_, fields.tgid));
    process.Set("name", Latin1(env_, NameOf(fields.comm, sizeof fields.comm)));
    process.Set("startBoottimeNs", Napi::BigInt::New(env_, uint64_t{fields.start_boottime_ns}));
    process.Set("uid", Number(env_, fields.uid));
    process.Set("oomScoreAdj", Napi::Number::New(env_, fields.oom_score_adj));
    const std::string executable = NameOf(fields.executable, sizeof fields.executable);
    if (!executable.empty()) process.Set("executable", Latin1(env_, executable));
    process.Set("parentPid", Napi::Number::New(env_, fields.parent_tgid));
    process.Set("parentName", Latin1(env_, NameOf(fields.parent_comm, sizeof fields.parent_comm)));
    if ((fields.flags & WITNESS_HAS_NAMESPACE) != 0) {
      const bool init = fields.namespace_level > 0 && fields.namespace_pid == 1;
      process.Set("firstOfPidNamespace", Napi::Boolean::New(env_, init));
    }
    if ((fields.flags & WITNESS_HAS_SIZES) != 0) {
      process.Set("totalVmKiB", KiB(fields.total_vm));
      process.Set("anonRssKiB", KiB(fields.anon));
      process.Set("fileRssKiB", KiB(fields.file));
      process.Set("shmemRssKiB", KiB(fields.shmem));
      process.Set("swapKiB", KiB(fields.swap));
      process.Set("pageTablesKiB", Number(env_, fields.page_table_bytes / 1024));
      const bool about = (fields.flags & WITNESS_SIZES_APPROXIMATE) != 0;
      process.Set("sizesApproximate", Napi::Boolean::New(env_, about));
    }
    return process;
  }

  Napi::Object Trigger(const Witnessed& witnessed) const {
    const witness_record& fields = witnessed.fields;
    Napi::Object trigger = Napi::Object::New(env_);
    trigger.Set("pid", Napi::Number::New(env_, fields.trigger_pid));
    trigger.Set("tgid", Napi::Number::New(env_, fields.trigger_tgid));
    trigger.Set("name", Latin1(env_, NameOf(fields.trigger_comm, sizeof fields.trigger_comm)));
    trigger.Set("cgroupId", Napi::BigInt::New(env_, uint64_t{fields.trigger_cgroup_id}));
    trigger.Set("levels", Levels(witnessed, true));
    trigger.Set("levelsCut",
                Napi::Boolean::New(env_, (fields.flags & WITNESS_TRIGGER_CHAIN_CUT) != 0));
    return trigger;
  }

  Napi::Array Levels(const Witnessed& witnessed, bool of_trigger) const {
    const bool knows_trigger = (witnessed.fields.flags & WITNESS_KNOWS_TRIGGER_LEVELS) != 0;
    Napi::Array levels = Napi::Array::New(env_);
    uint32_t count = 0;
    for (const Witnessed::Level& level : witnessed.levels) {
      const witness_level& fields = level.fields;
      if (((fields.flags & WITNESS_LEVEL_OF_TRIGGER) != 0) != of_trigger) continue;
      Napi::Object object = Napi::Object::New(env_);
      object.Set("id", Napi::BigInt::New(env_, uint64_t{fields.id}));
      object.Set("name", Latin1(env_, level.name));
      object.Set("usageKiB", KiB(fields.usage));
      SetLimit(&object, "limitKiB", fields.limit);
      if ((fields.flags & WITNESS_LEVEL_HAS_SWAP) != 0) {
        object.Set("swapUsageKiB", KiB(fields.swap_usage));
        SetLimit(&object, "swapLimitKiB", fields.swap_limit);
      }
      object.Set("kills", Number(env_, fields.kills));
      if (knows_trigger) {
        const bool above = (fields.flags & WITNESS_LEVEL_IS_ABOVE_TRIGGER) != 0;
        object.Set("aboveTrigger", Napi::Boolean::New(env_, above));
      }
      levels.Set(count++, object);
    }
    return levels;
  }

  Napi::Object Control(const witness_record& fields) const {
    Napi::Object control = Napi::Object::New(env_);
    if (fields.limit_cgroup_id != 0) {
      control.Set("limitCgroupId", Napi::BigInt::New(env_, uint64_t{fields.limit_cgroup_id}));
    }
    control.Set("gfpMask", Number(env_, fields.gfp_mask));
    control.Set("order", Napi::Number::New(env_, fields.order));
    if (fields.constraint >= 0) {
      control.Set("constraint", Napi::Number::New(env_, fields.constraint));
    }
    return control;
  }

  Napi::Number KiB(uint64_t pages) const { return Number(env_, pages * page_kib_); }

  void SetLimit(Napi::Object* object, const char* name, uint64_t pages) const {
    if (pages < no_limit_) object->Set(name, KiB(pages));
  }

  const Napi::Env env_;
  const uint64_t page_kib_;
  const uint64_t no_limit_;
};

/** Empty: an exception is pending. */
std::optional<WitnessOptions> ParseOptions(Napi::Env env, Napi::Value value) {
  if (!value.IsObject()) {
    Napi::TypeError::New(env, "options must be an object").ThrowAsJavaScriptException();
    return std::nullopt;
  }
  const Napi::Value ring = value.As<Napi::Object>().Get("ringBytes");
  if (ring.IsEmpty()) return std::nullopt;
  WitnessOptions options = {kDefaultRingBytes};
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
                           InstanceMethod<&OomWitness::GetStats>("stats"),
                           InstanceMethod<&OomWitness::Close>("close"),
                       });
  }

  explicit OomWitness(const Napi::CallbackInfo& info);
  ~OomWitness() override { Shutdown(); }

 private:
  static void OnWake(Napi::Env env, Napi::Function on_wake, OomWitness* witness, void* unused);
  using Wake = Napi::TypedThreadSafeFunction<OomWitness, void, &OomWitness::OnWake>;

  Napi::Value Read(const Napi::CallbackInfo& info);
  Napi::Value GetStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo&) { Shutdown(); }

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
  witness->witness_->WakeDelivered();
  CallFromEventLoop(env, on_wake);
}

Napi::Value OomWitness::Read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array records = Napi::Array::New(env);
  if (!witness_) return records;
  const ToObject to_object(env);
  uint32_t count = 0;
  while (count < kMostAtOnce) {
    const std::optional<Witnessed> witnessed = witness_->Take();
    if (!witnessed) break;
    records.Set(count++, to_object(*witnessed));
  }
  return records;
}

Napi::Value OomWitness::GetStats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Witness::Stats stats = witness_ ? witness_->stats() : last_stats_;
  Napi::Object object = Napi::Object::New(env);
  if (stats.kernel) {
    object.Set("told", Number(env, stats.kernel->told));
    object.Set("dropped", Number(env, stats.kernel->dropped));
    object.Set("dying", Number(env, stats.kernel->dying));
    object.Set("undecided", Number(env, stats.kernel->undecided));
  }
  object.Set("taken", Number(env, stats.reader.taken));
  object.Set("malformed", Number(env, stats.reader.malformed));
  object.Set("control", stats.control == Witness::Control::kAttached  ? "attached"
                        : stats.control == Witness::Control::kRefused ? "refused"
                                                                      : "trying");
  if (!stats.control_message.empty()) object.Set("controlMessage", stats.control_message);
  return object;
}

}  // namespace

Napi::Function DefineOomWitness(Napi::Env env) { return OomWitness::Define(env); }

}  // namespace kmsg
