#include "text_search.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../core/read_past.h"
#include "../core/text_search.h"
#include "system_error.h"

namespace kmsg {
namespace {

/** latin1: one character a byte. */
std::optional<std::string> ToBytes(Napi::Value value) {
  if (!value.IsString()) return std::nullopt;
  std::string bytes;
  for (const char16_t character : value.As<Napi::String>().Utf16Value()) {
    if (character > 0xff) return std::nullopt;
    bytes.push_back(static_cast<char>(character));
  }
  return bytes;
}

/** Nothing: they are not as index.d.ts says, or reading them has thrown. */
std::optional<std::vector<std::string>> ParseWords(Napi::Env env, Napi::Value value) {
  if (!value.IsArray()) return std::nullopt;
  const Napi::Array array = value.As<Napi::Array>();
  std::vector<std::string> words;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const Napi::Value item = array.Get(i);
    if (env.IsExceptionPending()) return std::nullopt;
    std::optional<std::string> word = ToBytes(item);
    if (!word || word->size() < TextSearch::kShortestWord) return std::nullopt;
    words.push_back(std::move(*word));
  }
  if (words.empty()) return std::nullopt;
  return words;
}

/** A buffer of JavaScript; `data` is null where the value is none. */
struct Bytes {
  char* data = nullptr;
  size_t length = 0;
};

std::optional<Bytes> GetBytes(Napi::Env env, Napi::Value value) {
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  if (!value.IsTypedArray() ||
      napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr) != napi_ok ||
      type != napi_uint8_array) {
    return std::nullopt;
  }
  return Bytes{static_cast<char*>(data), length};
}

/** Of one search, and of its read that goes on. */
struct Reading {
  PastReader reader;
  bool goes_on = false;
};

/** Reads on a thread of libuv's pool; the promise and the buffer are kept until it is done. */
class PastRead : public Napi::AsyncWorker {
 public:
  PastRead(Napi::Env env, std::shared_ptr<Reading> reading, int fd, Napi::Value array,
           ReadBuffer buffer, uint64_t max)
      : AsyncWorker(env, "TextSearch.readPast"),
        reading_(std::move(reading)),
        fd_(fd),
        array_(Napi::Persistent(array.As<Napi::Object>())),
        buffer_(buffer),
        max_(max),
        deferred_(env) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 private:
  void Execute() override {
    succeeded_ = reading_->reader.Read(fd_, buffer_, max_, &result_, &error_);
  }

  void OnOK() override {
    const Napi::Env env = Env();
    reading_->goes_on = false;
    if (!succeeded_) return deferred_.Reject(ToError(env, error_).Value());
    Napi::Object object = Napi::Object::New(env);
    object.Set("passed", Napi::Number::New(env, static_cast<double>(result_.passed)));
    object.Set("length", Napi::Number::New(env, static_cast<double>(result_.length)));
    object.Set("ended", Napi::Boolean::New(env, result_.ended));
    deferred_.Resolve(object);
  }

  std::shared_ptr<Reading> reading_;
  int fd_;
  Napi::ObjectReference array_;
  ReadBuffer buffer_;
  uint64_t max_;
  Napi::Promise::Deferred deferred_;
  bool succeeded_ = false;
  PastResult result_;
  IoError error_;
};

/** So much is passed before JavaScript is asked again: a fraction of a second. */
constexpr uint64_t kMaxPassed = 256 * 1024 * 1024;

/** The class of index.d.ts. */
class JsTextSearch : public Napi::ObjectWrap<JsTextSearch> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TextSearch",
                       {InstanceMethod<&JsTextSearch::Find>("find"),
                        InstanceMethod<&JsTextSearch::ReadPastWords>("readPast"),
                        InstanceMethod<&JsTextSearch::StopReading>("stopReading")});
  }

  explicit JsTextSearch(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const Napi::Env env = info.Env();
    std::optional<std::vector<std::string>> words = ParseWords(env, info[0]);
    if (words) {
      // Not make_shared, which asks for the libstdc++ of GCC 9 (GLIBCXX_3.4.26).
      search_ = std::shared_ptr<const TextSearch>(new const TextSearch(std::move(*words)));
      reading_ = std::shared_ptr<Reading>(new Reading{PastReader(search_)});
    } else if (!env.IsExceptionPending()) {
      Napi::TypeError::New(env, "words must be an array of latin1 strings of at least 4 characters")
          .ThrowAsJavaScriptException();
    }
  }

 private:
  Napi::Value Find(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const std::optional<Bytes> memory = GetBytes(env, info[0]);
    if (!memory || !info[1].IsNumber() || !info[2].IsNumber()) {
      Napi::TypeError::New(env, "find takes a Uint8Array and two numbers")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const double from = info[1].As<Napi::Number>().DoubleValue();
    const double end = info[2].As<Napi::Number>().DoubleValue();
    if (!(from >= 0 && from <= end && end <= static_cast<double>(memory->length))) {
      Napi::RangeError::New(env, "from and end must lie in the bytes, in this order")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const std::string_view bytes(memory->data, static_cast<size_t>(end));
    const std::optional<TextSearch::Hit> hit = search_->Find(bytes, static_cast<size_t>(from));
    if (!hit) return Napi::Number::New(env, -1);
    return Napi::Number::New(env, static_cast<double>(hit->at * search_->word_count() + hit->word));
  }

  Napi::Value ReadPastWords(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const std::optional<Bytes> memory = GetBytes(env, info[1]);
    if (!info[0].IsNumber() || !memory || !info[2].IsNumber()) {
      Napi::TypeError::New(env, "readPast takes a file descriptor, a Uint8Array and a number")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const double held = info[2].As<Napi::Number>().DoubleValue();
    if (!(held >= 0 && held <= static_cast<double>(memory->length))) {
      Napi::RangeError::New(env, "what is held must lie in the buffer")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    if (GoesOn(env)) return env.Undefined();
    reading_->goes_on = true;
    // Deletes itself when it is done.
    auto* read =
        new PastRead(env, reading_, info[0].As<Napi::Number>().Int32Value(), info[1],
                     {memory->data, memory->length, static_cast<size_t>(held)}, kMaxPassed);
    const Napi::Promise promise = read->promise();
    read->Queue();
    return promise;
  }

  Napi::Value StopReading(const Napi::CallbackInfo& info) {
    if (!GoesOn(info.Env())) reading_->reader.Stop();
    return info.Env().Undefined();
  }

  /** A read goes on: throws. */
  bool GoesOn(Napi::Env env) const {
    if (!reading_->goes_on) return false;
    Napi::Error::New(env, "one call at a time: the file is being read")
        .ThrowAsJavaScriptException();
    return true;
  }

  /** Empty: the constructor has thrown, and nobody has the object. */
  std::shared_ptr<const TextSearch> search_;
  /** Also of a read that goes on. */
  std::shared_ptr<Reading> reading_;
};

}  // namespace

Napi::Function DefineTextSearch(Napi::Env env) { return JsTextSearch::Define(env); }

}  // namespace kmsg
