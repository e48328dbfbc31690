#include "witness.h"

#include <time.h>

#include <utility>

namespace kmsg {
namespace {

/** A program that is being run on another CPU writes its record after it was detached. */
constexpr long kDetachedNs = 10 * 1000 * 1000;

/** What is left in the ring of a program that is gone. */
std::vector<Witnessed> Drain(const WitnessProgram& program, IoError* error) {
  std::vector<Witnessed> drained;
  std::optional<KernelRing> ring = KernelRing::Map(program.ring(), program.ring_bytes(), error);
  std::string bytes;
  while (ring && ring->Read(&bytes)) {
    if (std::optional<Witnessed> witnessed = ParseWitnessed(bytes)) {
      drained.push_back(*std::move(witnessed));
    }
  }
  return drained;
}

}  // namespace

std::unique_ptr<Witness> Witness::Start(const WitnessOptions& options, std::function<void()> wake,
                                        IoError* error) {
  std::unique_ptr<Witness> witness(new Witness());
  if (!witness->FindProgram(options, error)) return nullptr;
  const int fd = witness->program_->ring();
  std::optional<KernelRing> ring = KernelRing::Map(fd, witness->program_->ring_bytes(), error);
  if (!ring) return nullptr;
  witness->reader_ = WitnessReader::Start(fd, *std::move(ring), std::move(wake), error,
                                          std::move(witness->before_), options.keep);
  if (!witness->reader_) return nullptr;
  if (witness->program_->has_control()) {
    witness->control_ = Control::kAttached;
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

bool Witness::FindProgram(const WitnessOptions& options, IoError* error) {
  if (!options.pins.empty()) {
    IoError why;
    pins_ = PinDirectory::Open(options.pins, &why);
    if (!pins_) {
      DoWithoutPins(why);
    } else if (pins_->HasSet()) {
      program_ = WitnessProgram::Adopt(*pins_, &why);
      if (program_) return true;
      if (why.code == "ERR_OTHER_PROGRAM") return ReplaceProgram(options.ring_bytes, error);
      DoWithoutPins(why);
    }
  }
  program_ = WitnessProgram::Load(options.ring_bytes, error);
  if (!program_) return false;
  IoError why;
  if (pins_ && !program_->Pin(&*pins_, &why)) DoWithoutPins(why);
  return true;
}

/** Puts ours in the place of another version's; no moment is seen by neither. */
bool Witness::ReplaceProgram(uint32_t ring_bytes, IoError* error) {
  IoError why;
  std::optional<WitnessProgram> other = WitnessProgram::AdoptOther(*pins_, &why);
  program_ = WitnessProgram::Load(ring_bytes, error);
  if (!program_) return false;
  if (!program_->Pin(&*pins_, &why)) {
    DoWithoutPins(why);
    return true;
  }
  if (!other) return true;
  other->Detach();
  const timespec pause = {0, kDetachedNs};
  nanosleep(&pause, nullptr);
  before_ = Drain(*other, &why);
  return true;
}

void Witness::DoWithoutPins(const IoError& why) {
  pins_message_ = why.message;
  pins_.reset();
}

void Witness::Stop() {
  if (reader_) reader_->Stop();
  attacher_.Join();
}

void Witness::AttachControl() {
  const bool attached = program_->AttachControl(&control_error_);
  IoError why;
  if (attached && pins_) program_->PinControl(*pins_, &why);
  control_.store(attached ? Control::kAttached : Control::kRefused, std::memory_order_release);
}

Witness::Stats Witness::stats() const {
  Stats stats;
  stats.kernel = program_->counts();
  stats.reader = reader_->stats();
  stats.control = control_.load(std::memory_order_acquire);
  if (stats.control == Control::kRefused) stats.control_message = control_error_.message;
  stats.pinned = pins_.has_value();
  stats.pins_message = pins_message_;
  return stats;
}

}  // namespace kmsg
