#include "witness.h"

#include <utility>

namespace kmsg {

std::unique_ptr<Witness> Witness::Start(const WitnessOptions& options, std::function<void()> wake,
                                        IoError* error) {
  std::optional<WitnessProgram> program = WitnessProgram::Load(options.ring_bytes, error);
  if (!program) return nullptr;
  std::unique_ptr<Witness> witness(new Witness(*std::move(program)));
  const int fd = witness->program_.ring();
  std::optional<KernelRing> ring = KernelRing::Map(fd, witness->program_.ring_bytes(), error);
  if (!ring) return nullptr;
  witness->reader_ = WitnessReader::Start(fd, *std::move(ring), std::move(wake), error);
  if (!witness->reader_) return nullptr;
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
  const bool attached = program_.AttachControl(&control_error_);
  control_.store(attached ? Control::kAttached : Control::kRefused, std::memory_order_release);
}

Witness::Stats Witness::stats() const {
  Stats stats;
  stats.kernel = program_.counts();
  stats.reader = reader_->stats();
  stats.control = control_.load(std::memory_order_acquire);
  if (stats.control == Control::kRefused) stats.control_message = control_error_.message;
  return stats;
}

}  // namespace kmsg
