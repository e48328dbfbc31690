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
  /** A folder in a bpffs, in which the program outlives its reader; empty: it does not. */
  std::string pins = {};
  WitnessReader::Keep keep = WitnessReader::Keep::kNo;
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
    /** Whether the program outlives its reader, and why not where that was asked for. */
    bool pinned;
    std::string pins_message;
  };

  /** `wake`: see WitnessReader. Null: `error` says why, with the remedy. */
  static std::unique_ptr<Witness> Start(const WitnessOptions& options, std::function<void()> wake,
                                        IoError* error);

  ~Witness() { Stop(); }

  /** No wake comes after it. Idempotent. The program leaves the kernel with this object, unless it
   * is pinned. */
  void Stop();

  void WakeDelivered() { reader_->WakeDelivered(); }
  std::optional<Witnessed> Take() { return reader_->Take(); }
  void Release(size_t count) { reader_->Release(count); }
  Stats stats() const;

 private:
  Witness() = default;

  bool FindProgram(const WitnessOptions& options, IoError* error);
  bool ReplaceProgram(uint32_t ring_bytes, IoError* error);
  void DoWithoutPins(const IoError& why);
  void AttachControl();

  std::optional<PinDirectory> pins_;
  std::string pins_message_;
  std::optional<WitnessProgram> program_;
  /** What the program saw that this one replaces. */
  std::vector<Witnessed> before_;
  std::unique_ptr<WitnessReader> reader_;
  std::atomic<Control> control_{Control::kTrying};
  /** Written before control_ says that it is refused. */
  IoError control_error_;
  Thread attacher_;
};

}  // namespace kmsg
