#include "options.h"

#include <utility>
#include <vector>

namespace kmsg {
namespace {

constexpr char kDefaultPath[] = "/dev/kmsg";
constexpr double kDefaultRingBytes = 8 * 1024 * 1024;
constexpr double kMaxRingBytes = 1024 * 1024 * 1024;

// Without C++ exceptions a call that fails leaves a JavaScript one pending and returns an empty
// value, so each of these functions returns whether it went well, and its caller returns at once if
// not.

bool TypeError(Napi::Env env, const std::string& message) {
  if (!env.IsExceptionPending()) Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return false;
}

bool RangeError(Napi::Env env, const std::string& message) {
  Napi::RangeError::New(env, message).ThrowAsJavaScriptException();
  return false;
}

bool GetObject(Napi::Env env, Napi::Value value, const std::string& name, Napi::Object* object) {
  if (value.IsEmpty() || !value.IsObject()) return TypeError(env, name + " must be an object");
  *object = value.As<Napi::Object>();
  return true;
}

bool GetArray(Napi::Env env, Napi::Value value, const std::string& name, Napi::Array* array) {
  if (value.IsEmpty() || !value.IsArray()) return TypeError(env, name + " must be an array");
  *array = value.As<Napi::Array>();
  return true;
}

bool GetBoolean(Napi::Env env, Napi::Value value, const std::string& name, bool* boolean) {
  if (value.IsEmpty() || !value.IsBoolean()) return TypeError(env, name + " must be a boolean");
  *boolean = value.As<Napi::Boolean>();
  return true;
}

/** Bytes to look for, one character each. */
bool GetMarker(Napi::Env env, Napi::Value value, const std::string& name, std::string* bytes) {
  if (value.IsEmpty() || !value.IsString()) return TypeError(env, name + " must be a string");
  for (const char16_t character : value.As<Napi::String>().Utf16Value()) {
    if (character > 0xff) return TypeError(env, name + " must be latin1, one character a byte");
    bytes->push_back(static_cast<char>(character));
  }
  if (bytes->empty()) return TypeError(env, name + " must not be empty");
  return true;
}

/** Which of two words `value` is. */
bool GetChoice(Napi::Env env, Napi::Value value, const std::string& name, const std::string& first,
               const std::string& second, bool* is_first) {
  const bool is_string = !value.IsEmpty() && value.IsString();
  const std::string word = is_string ? value.As<Napi::String>().Utf8Value() : "";
  if (word != first && word != second) {
    return TypeError(env, name + " must be '" + first + "' or '" + second + "'");
  }
  *is_first = word == first;
  return true;
}

/** Calls `parse(element, name)` for each element of an array until one fails. */
template <typename Parse>
bool ForEach(Napi::Env env, Napi::Value value, const std::string& name, Parse parse) {
  Napi::Array array;
  if (!GetArray(env, value, name, &array)) return false;
  for (uint32_t i = 0; i < array.Length(); i++) {
    if (!parse(array.Get(i), name + '[' + std::to_string(i) + ']')) return false;
  }
  return true;
}

bool ParseRule(Napi::Env env, Napi::Value value, const std::string& name, KeepFilter::Rule* rule) {
  Napi::Object object;
  bool at_start = false;
  if (!GetObject(env, value, name, &object) ||
      !GetMarker(env, object.Get("bytes"), name + ".bytes", &rule->bytes) ||
      !GetChoice(env, object.Get("at"), name + ".at", "start", "anywhere", &at_start) ||
      !GetChoice(env, object.Get("facility"), name + ".facility", "kernel", "any",
                 &rule->kernel_only)) {
    return false;
  }
  rule->at = at_start ? KeepFilter::Rule::At::kStart : KeepFilter::Rule::At::kAnywhere;
  return true;
}

std::optional<KeepFilter> ParseKeep(Napi::Env env, Napi::Value value) {
  Napi::Object keep;
  bool fragments = false;
  std::vector<KeepFilter::Rule> rules;
  const auto parse_rule = [&](Napi::Value element, const std::string& name) {
    return ParseRule(env, element, name, &rules.emplace_back());
  };
  if (!GetObject(env, value, "options.keep", &keep) ||
      !GetBoolean(env, keep.Get("fragments"), "options.keep.fragments", &fragments) ||
      !ForEach(env, keep.Get("rules"), "options.keep.rules", parse_rule)) {
    return std::nullopt;
  }
  return KeepFilter(std::move(rules), fragments);
}

bool ParseSlowFiles(Napi::Env env, Napi::Value value, const std::string& name, SnapshotRule* rule) {
  if (!value.IsEmpty() && value.IsUndefined()) return true;
  return ForEach(env, value, name, [&](Napi::Value element, const std::string& element_name) {
    return GetPath(env, element, element_name, &rule->slow_files.emplace_back());
  });
}

bool ParseSnapshot(Napi::Env env, Napi::Value value, const std::string& name, SnapshotRule* rule) {
  Napi::Object object;
  const auto parse_file = [&](Napi::Value element, const std::string& element_name) {
    return GetPath(env, element, element_name, &rule->files.emplace_back());
  };
  if (!GetObject(env, value, name, &object) ||
      !GetMarker(env, object.Get("marker"), name + ".marker", &rule->marker) ||
      !GetPath(env, object.Get("folder"), name + ".folder", &rule->folder) ||
      !ForEach(env, object.Get("files"), name + ".files", parse_file) ||
      !ParseSlowFiles(env, object.Get("slowFiles"), name + ".slowFiles", rule)) {
    return false;
  }
  if (rule->files_in_all() > kSnapshotFilesMax) {
    return RangeError(env,
                      name + " must name at most " + std::to_string(kSnapshotFilesMax) + " files");
  }
  return true;
}

std::optional<Snapshots> ParseSnapshots(Napi::Env env, Napi::Value value) {
  std::vector<SnapshotRule> rules;
  const auto parse_rule = [&](Napi::Value element, const std::string& name) {
    return ParseSnapshot(env, element, name, &rules.emplace_back());
  };
  if (!ForEach(env, value, "options.snapshots", parse_rule)) return std::nullopt;
  return Snapshots(std::move(rules));
}

bool ParseRingBytes(Napi::Env env, Napi::Value value, size_t* ring_bytes) {
  double bytes = kDefaultRingBytes;
  if (value.IsEmpty()) return false;
  if (!value.IsUndefined()) {
    if (!value.IsNumber()) return TypeError(env, "options.ringBytes must be a number");
    bytes = value.As<Napi::Number>().DoubleValue();
  }
  // Not (a || b) of the opposites: NaN is no size either.
  if (!(bytes >= kMinRingBytes && bytes <= kMaxRingBytes)) {
    return RangeError(env, "options.ringBytes must be between 64 KiB and 1 GiB");
  }
  *ring_bytes = static_cast<size_t>(bytes);
  return true;
}

}  // namespace

bool GetPath(Napi::Env env, Napi::Value value, const std::string& name, std::string* path) {
  if (value.IsEmpty() || !value.IsString()) return TypeError(env, name + " must be a string");
  *path = value.As<Napi::String>().Utf8Value();
  if (path->empty() || path->find('\0') != std::string::npos) {
    return TypeError(env, name + " must be a path");
  }
  return true;
}

std::optional<ReaderOptions> ParseOptions(Napi::Env env, Napi::Value value) {
  Napi::Object object;
  if (!GetObject(env, value, "options", &object)) return std::nullopt;
  std::string path = kDefaultPath;
  const Napi::Value path_value = object.Get("path");
  if (path_value.IsEmpty() ||
      (!path_value.IsUndefined() && !GetPath(env, path_value, "options.path", &path))) {
    return std::nullopt;
  }
  size_t ring_bytes = 0;
  if (!ParseRingBytes(env, object.Get("ringBytes"), &ring_bytes)) return std::nullopt;
  std::optional<KeepFilter> keep = ParseKeep(env, object.Get("keep"));
  if (!keep) return std::nullopt;
  std::optional<Snapshots> snapshots = ParseSnapshots(env, object.Get("snapshots"));
  if (!snapshots) return std::nullopt;
  return ReaderOptions{std::move(path), {ring_bytes, std::move(*keep), std::move(*snapshots)}};
}

}  // namespace kmsg
