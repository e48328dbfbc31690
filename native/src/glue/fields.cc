#include "fields.h"

namespace kmsg {

// None of these calls fails unless the environment is ending, and then nobody sees the object.

Fields::Fields(napi_env env) : env_(env) { napi_create_object(env_, &object_); }

void Fields::Set(const char* name, napi_value value) {
  napi_set_named_property(env_, object_, name, value);
}

void Fields::SetNumber(const char* name, double number) {
  napi_value value = nullptr;
  napi_create_double(env_, number, &value);
  Set(name, value);
}

void Fields::SetFlag(const char* name, bool flag) {
  napi_value value = nullptr;
  napi_get_boolean(env_, flag, &value);
  Set(name, value);
}

void Fields::Set(const char* name, const char* text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env_, text, NAPI_AUTO_LENGTH, &value);
  Set(name, value);
}

void Fields::SetBigInt(const char* name, uint64_t number) {
  napi_value value = nullptr;
  napi_create_bigint_uint64(env_, number, &value);
  Set(name, value);
}

void Fields::SetLatin1(const char* name, const std::string& bytes) {
  napi_value value = nullptr;
  napi_create_string_latin1(env_, bytes.data(), bytes.size(), &value);
  Set(name, value);
}

}  // namespace kmsg
