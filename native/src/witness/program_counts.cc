#include "program_counts.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <utility>

#include "wire.h"

namespace kmsg {
namespace {

/** The counters are its first fields; the rest is the program's own. */
constexpr size_t kBytes = offsetof(witness_state, sender);

}  // namespace

ProgramCounts::ProgramCounts(ProgramCounts&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)) {}

ProgramCounts& ProgramCounts::operator=(ProgramCounts&& other) noexcept {
  std::swap(memory_, other.memory_);
  return *this;
}

ProgramCounts::~ProgramCounts() {
  if (memory_ != nullptr) munmap(memory_, kBytes);
}

bool ProgramCounts::Map(int map, IoError* error) {
  void* const memory = mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, map, 0);
  if (memory == MAP_FAILED) {
    *error = SystemError(errno, "mmap");
    return false;
  }
  memory_ = memory;
  return true;
}

std::optional<ProgramCounts::Values> ProgramCounts::Read() const {
  if (memory_ == nullptr) return std::nullopt;
  const auto load = [&](size_t offset) -> uint64_t {
    return __atomic_load_n(
        reinterpret_cast<const witness_u64*>(static_cast<const char*>(memory_) + offset),
        __ATOMIC_RELAXED);
  };
  // What is dropped first: between two looks it never exceeds what was told.
  Values values;
  values.dropped = load(offsetof(witness_state, dropped));
  values.dying = load(offsetof(witness_state, dying));
  values.undecided = load(offsetof(witness_state, undecided));
  values.told = load(offsetof(witness_state, sequence));
  return values;
}

}  // namespace kmsg
