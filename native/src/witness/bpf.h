#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../core/unique_fd.h"

namespace kmsg::bpf {

// The numbers are the kernel's ABI, include/uapi/linux/bpf.h. They stand here and not in a header
// of the machine that builds: that one may be older than the ring buffer.

enum class MapType : uint32_t {
  kHash = 1,
  kArray = 2,
  kProgramArray = 3,
  kLruHash = 9,
  kRing = 27,
};

enum class ProgramType : uint32_t { kRawTracepoint = 17, kTracing = 26 };

enum class AttachType : uint32_t { kNone = 0, kEntry = 24, kExit = 25 };

struct MapSpec {
  MapType type;
  /** At most 15 bytes of letters, digits and underscores. */
  const char* name;
  uint32_t key_bytes;
  uint32_t value_bytes;
  uint32_t entries;
  bool program_reads_only = false;
  /** Of an array: its values can be mapped, by whoever has the descriptor. */
  bool mappable = false;
};

struct ProgramSpec {
  ProgramType type;
  const char* name;
  const std::vector<uint64_t>* instructions;
  AttachType attach = AttachType::kNone;
  /** The kernel function's number in its BTF. */
  uint32_t function = 0;
};

// Each returns a descriptor or 0, or -errno.

int CreateMap(const MapSpec& spec);
int UpdateElement(int map, const void* key, const void* value);
int FreezeMap(int map);

/** `log`, where given, gets what the verifier says of a program that it refuses. */
int LoadProgram(const ProgramSpec& spec, std::string* log = nullptr);

/** Attaches to the tracepoint `name`, or to the function that the program was loaded for. */
int AttachRaw(int program, const char* name);

int Pin(int fd, const std::string& path);
int OpenPin(const std::string& path);

/** What the kernel says of a descriptor of a map. Not by bpf(2): who was handed the descriptor may
 * not be allowed to call that. Empty: it is of no map. */
struct MapFacts {
  MapType type;
  uint32_t entries;
};
std::optional<MapFacts> FactsOf(int map);

}  // namespace kmsg::bpf
