#include "witness.h"

#include <utility>
#include <vector>

#include "bpf.h"
#include "kernel_ring.h"

namespace kmsg {
namespace {

constexpr char kRefusedBefore[] = "the kernel refused it to the process that loaded the program";

/** What is left in the ring of a program that is gone. */
std::vector<Witnessed> Drain(const UniqueFd& fd) {
  std::vector<Witnessed> drained;
  if (!fd.valid()) return drained;
  const std::optional<bpf::MapFacts> facts = bpf::FactsOf(fd.get());
  if (!facts) return drained;
  IoError error;
  std::optional<KernelRing> ring = KernelRing::Map(fd.get(), facts->entries, &error);
  std::string bytes;
  while (ring && ring->Read(&bytes)) {
    if (std::optional<Witnessed> witnessed = ParseWitnessed(bytes)) {
      drained.push_back(*std::move(witnessed));
    }
  }
  return drained;
}

bool AttachControlTo(LiveProgram* live, IoError* error) {
  if (!live->program.AttachControl(error)) return false;
  IoError why;
  if (live->pins) live->program.PinControl(*live->pins, &why);
  return true;
}

}  // namespace

std::optional<LoadedWitness> LoadWitness(WitnessOptions options, IoError* error) {
  std::optional<LiveProgram> live = FindProgram(std::move(options), error);
  if (!live) return std::nullopt;
  LoadedWitness loaded = {};
  loaded.pinned = live->pinned();
  loaded.pins_message = live->pins_message;
  IoError why;
  loaded.control = live->program.has_control() || AttachControlTo(&*live, &why);
  loaded.control_message = why.message;
  loaded.fds = (*std::move(live)).HandOver();
  return loaded;
}

std::unique_ptr<Witness> Witness::Start(WitnessOptions options, std::function<void()> wake,
                                        IoError* error) {
  const bool handed = !options.handed.empty();
  const bool keep = options.keep_until_released;
  std::optional<LiveProgram> live = FindProgram(std::move(options), error);
  if (!live) return nullptr;
  std::unique_ptr<Witness> witness(new Witness(*std::move(live)));
  WitnessProgram& program = witness->live_.program;
  std::optional<KernelRing> ring = KernelRing::Map(program.ring(), program.ring_bytes(), error);
  if (!ring) return nullptr;
  witness->reader_ = WitnessReader::Start(
      program.ring(), *std::move(ring), std::move(wake), error, Drain(witness->live_.ring_before),
      keep ? WitnessReader::Keep::kUntilReleased : WitnessReader::Keep::kNo);
  if (!witness->reader_) return nullptr;
  if (witness->live_.pins) witness->live_.pins->RemoveRingBefore();
  if (program.has_control() || handed) {
    // Who loaded it has tried.
    witness->control_ = program.has_control() ? Control::kAttached : Control::kRefused;
    if (!program.has_control()) witness->control_error_.message = kRefusedBefore;
    return witness;
  }
  Witness* const self = witness.get();
  const int failure = witness->attacher_.Start("oomw-attach", [self] { self->AttachControl(); });
  if (failure != 0) {
    *error = SystemError(failure, "pthread_create");
    return nullptr;
  }
  return witness;
}

void Witness::Stop() {
  if (reader_) reader_->Stop();
  attacher_.Join();
}

void Witness::AttachControl() {
  const bool attached = AttachControlTo(&live_, &control_error_);
  control_.store(attached ? Control::kAttached : Control::kRefused, std::memory_order_release);
}

Witness::Stats Witness::stats() const {
  Stats stats;
  stats.kernel = live_.program.counts();
  stats.reader = reader_->stats();
  stats.control = control_.load(std::memory_order_acquire);
  if (stats.control == Control::kRefused) stats.control_message = control_error_.message;
  stats.pinned = live_.pinned();
  stats.pins_message = live_.pins_message;
  return stats;
}

}  // namespace kmsg
