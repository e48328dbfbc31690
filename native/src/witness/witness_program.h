#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "../core/io_error.h"
#include "../core/unique_fd.h"
#include "named_fd.h"
#include "pins.h"
#include "program_counts.h"
#include "program_image.h"
#include "wire.h"

namespace kmsg {

/** The witness's program in the kernel, by the descriptors that keep it there. */
class WitnessProgram {
 public:
  /**
   * Loads it and attaches it to the tracepoints; from then on each kill is in the ring.
   *
   * @param ring_bytes a power of two and of pages.
   * @return empty: `error` says why, with the remedy.
   */
  static std::optional<WitnessProgram> Load(uint32_t ring_bytes, IoError* error);

  /** The one that is pinned in `pins`, if it is this very program. Empty: `error` says why; its
   * code is `ERR_OTHER_PROGRAM` for one that another version left. */
  static std::optional<WitnessProgram> Adopt(const PinDirectory& pins, IoError* error);

  /** The ring of the set in `pins` alone, and the links that write to it: what another version
   * left. The error's code is `ERR_PINS_FOREIGN` where there is no such ring. */
  static std::optional<WitnessProgram> AdoptOther(const PinDirectory& pins, IoError* error);

  /** The one that another process has loaded and handed over. */
  static std::optional<WitnessProgram> FromDescriptors(NamedFds* fds, IoError* error);

  /** Gives up what keeps the program in the kernel and what it is read by, for FromDescriptors. */
  void HandOver(NamedFds* fds);

  /** Leaves it in the kernel when nobody holds it any more, in place of the set that is there.
   * `before` is the ring of the program that it replaces, if it does. */
  bool Pin(PinDirectory* pins, const UniqueFd& before, IoError* error) const;
  /** The same with what AttachControl has added. */
  bool PinControl(const PinDirectory& pins, IoError* error) const;

  /** From now on nothing is written to its ring, unless pins keep it. */
  void Detach();

  /** Gives up the ring. */
  UniqueFd TakeRing() { return std::move(map(ProgramMap::kRing)); }

  bool has_control() const { return entry_link_.valid(); }

  /**
   * Attaches to oom_kill_process too, by which records tell whose limit it was in the kernel's own
   * words. Waits for RCU grace periods, 24 to 200 ms each under emulation, so not on a thread that
   * somebody waits for. False: this kernel refuses it, and `error` says why; records go on without.
   */
  bool AttachControl(IoError* error);

  int ring() const { return maps_[static_cast<int>(ProgramMap::kRing)].get(); }
  uint32_t ring_bytes() const { return ring_bytes_; }

  std::optional<ProgramCounts::Values> counts() const { return counts_.Read(); }

 private:
  WitnessProgram() = default;

  bool OpenObjects(const PinDirectory& pins, bool whole, IoError* error);
  bool ReadRing(IoError* error);

  bool CreateMaps(const witness_layout& layout, uint32_t ring_bytes, IoError* error);
  int LoadOne(ProgramName name, UniqueFd* program) const;
  bool Attach(ProgramName name, const char* tracepoint, UniqueFd* link, IoError* error);

  UniqueFd& map(ProgramMap name) { return maps_[static_cast<int>(name)]; }

  UniqueFd maps_[kProgramMaps];
  ProgramCounts counts_;
  UniqueFd signal_link_;
  UniqueFd mark_link_;
  UniqueFd entry_link_;
  UniqueFd exit_link_;
  uint32_t oom_kill_process_ = 0;
  uint32_t ring_bytes_ = 0;
};

}  // namespace kmsg
