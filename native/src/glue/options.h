#pragma once

#include <optional>
#include <string>

#include "../core/drain.h"
#include "napi_setup.h"

namespace kmsg {

struct ReaderOptions {
  std::string path;
  DrainOptions drain;
};

/** Reads ReaderOptions of index.d.ts. Empty: a TypeError or RangeError is pending in `env`. */
std::optional<ReaderOptions> ParseOptions(Napi::Env env, Napi::Value value);

/** A path: no NUL, which would end it early. False: a TypeError naming `name` is pending. */
bool GetPath(Napi::Env env, Napi::Value value, const std::string& name, std::string* path);

}  // namespace kmsg
