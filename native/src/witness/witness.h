#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "../core/io_error.h"
#include "../core/thread.h"
#include "live_program.h"
#include "witness_reader.h"

namespace kmsg {

/** A program that was loaded for another process to read, and what there is to say of it. */
struct LoadedWitness {
  NamedFds fds;
  bool pinned;
  std::string pins_message;
  bool control;
  std::string control_message;
};

/** Loads the program, or takes the one that is pinned, waits until it tells all it can, and begins
 * no reading. Empty: `error` says why. */
std::optional<LoadedWitness> LoadWitness(WitnessOptions options, IoError* error);

/** The witness of OOM kills: its program in the kernel and those who read what it writes. */
class Witness {
 public:
  enum class Control { kTrying, kAttached, kRefused };

  struct Stats {
    /** Empty: the kernel did not tell. */
    std::optional<ProgramCounts::Values> kernel;
    WitnessReader::Stats reader;
    Control control;
    /** Why it was refused. */
    std::string control_message;
    /** Whether the program outlives its reader, and why not where that was asked for. */
    bool pinned;
    std::string pins_message;
  };

  /** `wake`: see WitnessReader. Null: `error` says why, with the remedy. */
  static std::unique_ptr<Witness> Start(WitnessOptions options, std::function<void()> wake,
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
  explicit Witness(LiveProgram live) : live_(std::move(live)) {}

  void AttachControl();

  LiveProgram live_;
  std::unique_ptr<WitnessReader> reader_;
  std::atomic<Control> control_{Control::kTrying};
  /** Written before control_ says that it is refused. */
  IoError control_error_;
  Thread attacher_;
};

}  // namespace kmsg
