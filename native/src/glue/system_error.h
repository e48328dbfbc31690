#pragma once

#include <string>

#include "../core/io_error.h"
#include "napi_setup.h"

namespace kmsg {

/** As Node's system errors are. */
inline Napi::Error ToError(Napi::Env env, const IoError& error) {
  Napi::Error js = Napi::Error::New(env, error.message);
  js.Set("code", Napi::String::New(env, error.code));
  // Negative, as in every system error of Node.
  js.Set("errno", Napi::Number::New(env, -error.error_number));
  js.Set("syscall", Napi::String::New(env, error.syscall));
  return js;
}

inline Napi::Error ToError(Napi::Env env, const IoError& error, const std::string& path) {
  Napi::Error js = ToError(env, error);
  js.Set("path", Napi::String::New(env, path));
  return js;
}

}  // namespace kmsg
