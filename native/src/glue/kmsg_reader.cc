#include "kmsg_reader.h"

#include <memory>

#include "../core/drain.h"
#include "../core/kmsg_device.h"
#include "batch_memory.h"
#include "event_loop.h"
#include "fields.h"
#include "napi_setup.h"
#include "options.h"
#include "system_error.h"
#include "wake_target.h"

namespace kmsg {
namespace {

/**
 * The class of index.d.ts.
 *
 * Lifetime. Shutdown is the one way down and runs on the JavaScript thread in each of four cases:
 * close(), the collection of a reader that nobody closed, a constructor that fails, and the end of
 * the environment (a worker that is terminated or exits). It joins the threads before it gives the
 * threadsafe function back, so that nothing calls into Node afterwards. The main thread's
 * process.exit ends no environment: the process goes with the threads still at work, which is sound
 * because they own nothing static.
 */
class KmsgReader : public Napi::ObjectWrap<KmsgReader> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "KmsgReader",
                       {
                           InstanceMethod<&KmsgReader::Read>("read"),
                           InstanceMethod<&KmsgReader::Look>("look"),
                           InstanceMethod<&KmsgReader::GetStats>("stats"),
                           InstanceMethod<&KmsgReader::Close>("close"),
                           InstanceMethod<&KmsgReader::Ref>("ref"),
                           InstanceMethod<&KmsgReader::Unref>("unref"),
                       });
  }

  explicit KmsgReader(const Napi::CallbackInfo& info);
  ~KmsgReader() override { Shutdown(); }

 private:
  using Target = WakeTarget<KmsgReader>;
  static void OnWake(Napi::Env env, Napi::Function on_wake, Target* target, void* unused);
  using Wake = Napi::TypedThreadSafeFunction<Target, void, &KmsgReader::OnWake>;

  Napi::Value Read(const Napi::CallbackInfo& info);
  void Look(const Napi::CallbackInfo&);
  Napi::Value GetStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo&) { Shutdown(); }
  void Ref(const Napi::CallbackInfo& info);
  void Unref(const Napi::CallbackInfo& info);

  void Shutdown();
  static void OnEnvironmentEnd(void* reader) { static_cast<KmsgReader*>(reader)->Shutdown(); }

  std::string path_;
  /** Null: closed. */
  std::unique_ptr<Drain> drain_;
  Wake wake_;
  /** The threadsafe function's. */
  Target* target_ = nullptr;
  /** What stats() answers when closed. */
  Stats last_stats_;
};

KmsgReader::KmsgReader(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const Napi::Env env = info.Env();
  std::optional<ReaderOptions> options = ParseOptions(env, info[0]);
  if (!options) return;
  if (!info[1].IsFunction()) {
    Napi::TypeError::New(env, "onWake must be a function").ThrowAsJavaScriptException();
    return;
  }
  path_ = std::move(options->path);
  IoError error;
  std::unique_ptr<Device> device = KmsgDevice::Open(path_, &error);
  if (!device) {
    ToError(env, error, path_).ThrowAsJavaScriptException();
    return;
  }
  // At most one wake is ever queued: Drain keeps count.
  auto target = std::make_unique<Target>(Target{this});
  target_ = target.get();
  wake_ = NewWake<Wake>(env, info[1].As<Napi::Function>(), "KmsgReader", std::move(target));
  if (static_cast<napi_threadsafe_function>(wake_) == nullptr) return;
  drain_ = Drain::Start(
      std::move(device), std::move(options->drain), [wake = wake_] { wake.NonBlockingCall(); },
      &error);
  if (!drain_) {
    target_->object = nullptr;
    wake_.Abort();
    ToError(env, error, path_).ThrowAsJavaScriptException();
    return;
  }
  // A synchronous hook is enough, and safer than an asynchronous one: the thread ends without the
  // event loop's help, so there is nothing to wait for but its join. Hooks run newest first, so
  // this one runs before that of the threadsafe function, registered by Wake::New above, frees what
  // the thread calls.
  napi_add_env_cleanup_hook(env, OnEnvironmentEnd, this);
}

void KmsgReader::Shutdown() {
  if (!drain_) return;
  napi_remove_env_cleanup_hook(Env(), OnEnvironmentEnd, this);
  drain_->Stop();
  last_stats_ = drain_->stats();
  drain_.reset();
  target_->object = nullptr;
  // Abort, not Release: a wake that is queued already must not reach JavaScript.
  wake_.Abort();
}

void KmsgReader::OnWake(Napi::Env env, Napi::Function on_wake, Target* target, void*) {
  // Empty: the environment is ending, or close() dropped this wake. The target may be gone.
  if (env == nullptr || on_wake.IsEmpty()) return;
  if (target->object == nullptr) return;
  target->object->drain_->WakeDelivered();
  // It may be closed afterwards.
  CallFromEventLoop(env, on_wake);
}

Napi::Value KmsgReader::Read(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::optional<Batch> batch = GetBatch(env, info[0]);
  if (!batch) return env.Undefined();
  if (!drain_) return Napi::Number::New(env, 0);
  const Filled filled = drain_->Fill(*batch);
  if (filled.arena_too_small) {
    Napi::RangeError::New(env, "batch.arena cannot hold the next row; 64 KiB is always enough")
        .ThrowAsJavaScriptException();
    return env.Undefined();
  }
  if (filled.rows == 0) {
    if (const IoError* error = drain_->TakeError()) {
      ToError(env, *error, path_).ThrowAsJavaScriptException();
      return env.Undefined();
    }
  }
  return Napi::Number::New(env, static_cast<double>(filled.rows));
}

void KmsgReader::Look(const Napi::CallbackInfo&) {
  if (drain_) drain_->Look();
}

void KmsgReader::Ref(const Napi::CallbackInfo& info) {
  if (drain_) wake_.Ref(info.Env());
}

void KmsgReader::Unref(const Napi::CallbackInfo& info) {
  if (drain_) wake_.Unref(info.Env());
}

Napi::Value KmsgReader::GetStats(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Stats stats = drain_ ? drain_->stats() : last_stats_;
  Fields object(env);
  object.Set("read", stats.read);
  object.Set("kept", stats.kept);
  object.Set("bytes", stats.bytes);
  object.Set("overruns", stats.overruns);
  object.Set("oversize", stats.oversize);
  object.Set("malformed", stats.malformed);
  object.Set("lost", stats.lost);
  object.Set("ringFull", stats.ring_full);
  object.Set("dry", stats.dry);
  if (stats.has_seq) {
    object.SetBigInt("firstSeq", stats.first_seq);
    object.SetBigInt("lastSeq", stats.last_seq);
  }
  return Napi::Value(env, object.object());
}

}  // namespace

Napi::Function DefineKmsgReader(Napi::Env env) { return KmsgReader::Define(env); }

}  // namespace kmsg
