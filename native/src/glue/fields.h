#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "napi_setup.h"

namespace kmsg {

/** A plain object that is filled field by field. Its functions are not inlined: with
 * Napi::Object::Set each field would cost some 300 bytes of code. */
class Fields {
 public:
  explicit Fields(napi_env env);

  template <typename Value>
  std::enable_if_t<std::is_arithmetic_v<Value>> Set(const char* name, Value value) {
    if constexpr (std::is_same_v<Value, bool>) {
      SetFlag(name, value);
    } else {
      SetNumber(name, static_cast<double>(value));
    }
  }
  void Set(const char* name, const char* text);
  void Set(const char* name, const Fields& fields) { Set(name, fields.object_); }
  void Set(const char* name, napi_value value);
  void SetBigInt(const char* name, uint64_t number);
  /** One character a byte. */
  void SetLatin1(const char* name, const std::string& bytes);

  napi_value object() const { return object_; }

 private:
  void SetNumber(const char* name, double number);
  void SetFlag(const char* name, bool flag);

  const napi_env env_;
  napi_value object_ = nullptr;
};

}  // namespace kmsg
