#include "live_program.h"

#include <time.h>

#include <utility>

#include "bpf.h"
#include "kernel_ring.h"

namespace kmsg {
namespace {

constexpr char kLockName[] = "pins";

/** A program that is being run on another CPU writes its record after it was detached. */
constexpr long kDetachedNs = 10 * 1000 * 1000;

bool IsEmpty(const UniqueFd& fd) {
  IoError error;
  const std::optional<bpf::MapFacts> facts = bpf::FactsOf(fd.get());
  if (!facts) return true;
  const std::optional<KernelRing> ring = KernelRing::Map(fd.get(), facts->entries, &error);
  return !ring || !ring->HasRecord();
}

/** What a reader that is gone left of an older ring; kept until it is empty. */
UniqueFd FindRingBefore(const PinDirectory& pins) {
  UniqueFd ring = pins.OpenRingBefore();
  if (ring.valid() && IsEmpty(ring)) {
    pins.RemoveRingBefore();
    return UniqueFd();
  }
  return ring;
}

std::optional<LiveProgram> LoadProgram(uint32_t ring_bytes, IoError* error) {
  std::optional<WitnessProgram> program = WitnessProgram::Load(ring_bytes, error);
  if (!program) return std::nullopt;
  return LiveProgram{*std::move(program)};
}

/** Puts ours in the place of another version's; no moment is seen by neither. */
std::optional<LiveProgram> Replace(PinDirectory pins, WitnessProgram other, uint32_t ring_bytes,
                                   IoError* error) {
  std::optional<LiveProgram> live = LoadProgram(ring_bytes, error);
  if (!live) return std::nullopt;
  IoError why;
  live->ring_before = other.TakeRing();
  if (live->program.Pin(&pins, live->ring_before, &why)) {
    live->pins = std::move(pins);
  } else {
    live->pins_message = why.message;
  }
  other.Detach();
  const timespec pause = {0, kDetachedNs};
  nanosleep(&pause, nullptr);
  return live;
}

}  // namespace

std::optional<LiveProgram> FindProgram(WitnessOptions options, IoError* error) {
  if (!options.handed.empty()) {
    std::optional<WitnessProgram> program = WitnessProgram::FromDescriptors(&options.handed, error);
    if (!program) return std::nullopt;
    LiveProgram live = {*std::move(program)};
    live.lock = TakeFd(&options.handed, kLockName);
    live.ring_before = TakeFd(&options.handed, kRingBeforeName);
    return live;
  }
  if (options.pins.empty()) return LoadProgram(options.ring_bytes, error);
  IoError why;
  std::optional<PinDirectory> pins = PinDirectory::Open(options.pins, &why);
  if (pins && pins->HasSet()) {
    if (std::optional<WitnessProgram> program = WitnessProgram::Adopt(*pins, &why)) {
      LiveProgram live = {*std::move(program)};
      live.ring_before = FindRingBefore(*pins);
      live.pins = std::move(pins);
      return live;
    }
    if (why.code == "ERR_OTHER_PROGRAM") {
      if (std::optional<WitnessProgram> other = WitnessProgram::AdoptOther(*pins, &why)) {
        return Replace(*std::move(pins), *std::move(other), options.ring_bytes, error);
      }
    }
    pins.reset();
  }
  std::optional<LiveProgram> live = LoadProgram(options.ring_bytes, error);
  if (!live) return std::nullopt;
  if (pins && live->program.Pin(&*pins, UniqueFd(), &why)) {
    live->pins = std::move(pins);
  } else {
    live->pins_message = why.message;
  }
  return live;
}

NamedFds LiveProgram::HandOver() && {
  NamedFds fds;
  program.HandOver(&fds);
  if (pins) fds.push_back({kLockName, pins->TakeLock()});
  if (ring_before.valid()) fds.push_back({kRingBeforeName, std::move(ring_before)});
  return fds;
}

}  // namespace kmsg
