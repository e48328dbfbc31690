#include "text_search.h"

#include <optional>
#include <string>
#include <vector>

#include "../core/text_search.h"

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

/** The class of index.d.ts. */
class JsTextSearch : public Napi::ObjectWrap<JsTextSearch> {
 public:
  static Napi::Function Define(Napi::Env env) {
    return DefineClass(env, "TextSearch", {InstanceMethod<&JsTextSearch::Find>("find")});
  }

  explicit JsTextSearch(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const Napi::Env env = info.Env();
    std::optional<std::vector<std::string>> words = ParseWords(env, info[0]);
    if (words) {
      search_.emplace(std::move(*words));
    } else if (!env.IsExceptionPending()) {
      Napi::TypeError::New(env, "words must be an array of latin1 strings of at least 4 characters")
          .ThrowAsJavaScriptException();
    }
  }

 private:
  Napi::Value Find(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    napi_typedarray_type type;
    size_t length = 0;
    void* data = nullptr;
    if (!info[0].IsTypedArray() ||
        napi_get_typedarray_info(env, info[0], &type, &length, &data, nullptr, nullptr) !=
            napi_ok ||
        type != napi_uint8_array || !info[1].IsNumber() || !info[2].IsNumber()) {
      Napi::TypeError::New(env, "find takes a Uint8Array and two numbers")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const double from = info[1].As<Napi::Number>().DoubleValue();
    const double end = info[2].As<Napi::Number>().DoubleValue();
    if (!(from >= 0 && from <= end && end <= static_cast<double>(length))) {
      Napi::RangeError::New(env, "from and end must lie in the bytes, in this order")
          .ThrowAsJavaScriptException();
      return env.Undefined();
    }
    const std::string_view bytes(static_cast<const char*>(data), static_cast<size_t>(end));
    const std::optional<TextSearch::Hit> hit = search_->Find(bytes, static_cast<size_t>(from));
    if (!hit) return Napi::Number::New(env, -1);
    return Napi::Number::New(env, static_cast<double>(hit->at * search_->word_count() + hit->word));
  }

  /** Empty: the constructor has thrown, and nobody has the object. */
  std::optional<TextSearch> search_;
};

}  // namespace

Napi::Function DefineTextSearch(Napi::Env env) { return JsTextSearch::Define(env); }

}  // namespace kmsg
