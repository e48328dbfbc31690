#include "bpf.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kmsg::bpf {
namespace {

#ifndef SYS_bpf
#if defined(__x86_64__)
#define SYS_bpf 321
#elif defined(__aarch64__)
#define SYS_bpf 280
#endif
#endif

enum Command {
  kMapCreate = 0,
  kMapUpdate = 2,
  kProgramLoad = 5,
  kPin = 6,
  kOpenPin = 7,
  kRawTracepointOpen = 17,
  kMapFreeze = 22,
};

constexpr uint32_t kReadOnlyForProgram = 1 << 7;
constexpr uint32_t kMappable = 1 << 10;
constexpr size_t kNameBytes = 16;
constexpr int kLoadAttempts = 16;

// The kernel lets only programs of such a licence read its memory; see bpf/README.md.
constexpr char kLicense[] = "GPL";

uint64_t Address(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

template <typename Attributes>
int Call(Command command, Attributes* attributes) {
  const long result = syscall(SYS_bpf, command, attributes, sizeof *attributes);
  return result < 0 ? -errno : static_cast<int>(result);
}

struct MapAttributes {
  uint32_t type;
  uint32_t key_bytes;
  uint32_t value_bytes;
  uint32_t entries;
  uint32_t flags;
  uint32_t inner_map;
  uint32_t numa_node;
  char name[kNameBytes];
};

struct ElementAttributes {
  uint32_t map;
  uint32_t padding;
  uint64_t key;
  uint64_t value;
  uint64_t flags;
};

struct ProgramAttributes {
  uint32_t type;
  uint32_t instruction_count;
  uint64_t instructions;
  uint64_t license;
  uint32_t log_level;
  uint32_t log_bytes;
  uint64_t log;
  uint32_t kernel_version;
  uint32_t flags;
  char name[kNameBytes];
  uint32_t interface_index;
  uint32_t attach_type;
  uint32_t btf;
  uint32_t function_info_bytes;
  uint64_t function_info;
  uint32_t function_info_count;
  uint32_t line_info_bytes;
  uint64_t line_info;
  uint32_t line_info_count;
  uint32_t function;
  uint32_t attach_program;
  uint32_t padding;
};

struct ObjectAttributes {
  uint64_t path;
  uint32_t fd;
  uint32_t flags;
};

struct TracepointAttributes {
  uint64_t name;
  uint32_t program;
  uint32_t padding;
};

struct FreezeAttributes {
  uint32_t map;
};

}  // namespace

int CreateMap(const MapSpec& spec) {
  MapAttributes attributes = {};
  attributes.type = static_cast<uint32_t>(spec.type);
  attributes.key_bytes = spec.key_bytes;
  attributes.value_bytes = spec.value_bytes;
  attributes.entries = spec.entries;
  attributes.flags =
      (spec.program_reads_only ? kReadOnlyForProgram : 0) | (spec.mappable ? kMappable : 0);
  std::strncpy(attributes.name, spec.name, kNameBytes - 1);
  return Call(kMapCreate, &attributes);
}

int UpdateElement(int map, const void* key, const void* value) {
  ElementAttributes attributes = {};
  attributes.map = static_cast<uint32_t>(map);
  attributes.key = Address(key);
  attributes.value = Address(value);
  return Call(kMapUpdate, &attributes);
}

int FreezeMap(int map) {
  FreezeAttributes attributes = {static_cast<uint32_t>(map)};
  return Call(kMapFreeze, &attributes);
}

int LoadProgram(const ProgramSpec& spec, std::string* log) {
  ProgramAttributes attributes = {};
  attributes.type = static_cast<uint32_t>(spec.type);
  attributes.instruction_count = static_cast<uint32_t>(spec.instructions->size());
  attributes.instructions = Address(spec.instructions->data());
  attributes.license = Address(kLicense);
  std::strncpy(attributes.name, spec.name, kNameBytes - 1);
  attributes.attach_type = static_cast<uint32_t>(spec.attach);
  attributes.function = spec.function;
  if (log != nullptr) {
    log->resize(1024 * 1024);
    attributes.log_level = 1;
    attributes.log = Address(log->data());
    attributes.log_bytes = static_cast<uint32_t>(log->size());
  }
  int program = -EAGAIN;
  // The verifier gives up for a signal that is pending (bpf_check, kernel/bpf/verifier.c), and a
  // parent of many children has one often.
  for (int attempt = 0; program == -EAGAIN && attempt < kLoadAttempts; attempt++) {
    program = Call(kProgramLoad, &attributes);
  }
  if (log != nullptr) log->resize(std::strlen(log->c_str()));
  return program;
}

int AttachRaw(int program, const char* name) {
  TracepointAttributes attributes = {};
  attributes.name = Address(name);
  attributes.program = static_cast<uint32_t>(program);
  return Call(kRawTracepointOpen, &attributes);
}

int Pin(int fd, const std::string& path) {
  ObjectAttributes attributes = {Address(path.c_str()), static_cast<uint32_t>(fd), 0};
  return Call(kPin, &attributes);
}

int OpenPin(const std::string& path) {
  ObjectAttributes attributes = {Address(path.c_str()), 0, 0};
  return Call(kOpenPin, &attributes);
}

std::optional<MapFacts> FactsOf(int map) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(map);
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[1024];
  const ssize_t length = fd.valid() ? read(fd.get(), text, sizeof text - 1) : -1;
  if (length <= 0) return std::nullopt;
  text[length] = '\0';
  const char* const type = std::strstr(text, "map_type:");
  const char* const entries = std::strstr(text, "max_entries:");
  if (type == nullptr || entries == nullptr) return std::nullopt;
  const auto number = [](const char* after) {
    return static_cast<uint32_t>(strtoul(std::strchr(after, ':') + 1, nullptr, 10));
  };
  return MapFacts{static_cast<MapType>(number(type)), number(entries)};
}

}  // namespace kmsg::bpf
