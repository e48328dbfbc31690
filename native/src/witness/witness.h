#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "../core/io_error.h"
#include "../core/thread.h"
#include "witness_program.h"
#include "witness_reader.h"

namespace kmsg {

struct WitnessOptions {
  /** A power of two, and of pages. */
  uint32_t ring_bytes;
};

/** The witness of OOM kills: its program in the kernel and those who read what it writes. */
class Witness {
 public:
  enum class Control { kTrying, kAttached, kRefused };

  struct Stats {
    /** Empty: the kernel did not tell. */
    std::optional<WitnessProgram::Counts> kernel;
    WitnessReader::Stats reader;
    Control control;
    /** Why it was refused. */
    std::string control_message;
  };

  /** `wake`: see WitnessReader. Null: `error` says why, with the remedy. */
  static std::unique_ptr<Witness> Start(const WitnessOptions& options, std::function<void()> wake,
                                        IoError* error);

  ~Witness() { Stop(); }

  /** No wake comes after it, and the program is out of the kernel. Idempotent. */
  void Stop();

  void WakeDelivered() { reader_->WakeDelivered(); }
  std::optional<Witnessed> Take() { return reader_->Take(); }
  Stats stats() const;

 private:
  explicit Witness(WitnessProgram program) : program_(std::move(program)) {}

  void AttachControl();

  WitnessProgram program_;
  std::unique_ptr<WitnessReader> reader_;
  std::atomic<Control> control_{Control::kTrying};
  /** Written before control_ says that it is refused. */
  IoError control_error_;
  Thread attacher_;
};

}  // namespace kmsg
