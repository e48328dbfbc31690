// Long, because maps, programs, links and pins are made in one order, and undone together when one
// fails.

#include "witness_program.h"

#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "bpf.h"
#include "kernel_btf.h"
#include "kernel_layout.h"
#include "refusal.h"

namespace kmsg {
namespace {

constexpr char kBtfPath[] = "/sys/kernel/btf/vmlinux";

/** Tasks that are between their signal and their mark, or inside oom_kill_process: one for each CPU
 * would do, were it not for those that send the same signal for other reasons. */
constexpr uint32_t kTasks = 256;

/** Cgroups whose last kill is remembered. */
constexpr uint32_t kCgroups = 1024;

IoError BpfError(int result) {
  IoError error = SystemError(-result, "bpf");
  return error;
}

IoError WithRemedy(IoError error, const std::string& what) {
  error.message =
      "cannot " + what + ": " + error.message + "; " + Remedy(error, ReadCircumstances());
  return error;
}

IoError PinError(int error_number, const std::string& what) {
  IoError error = SystemError(error_number, "bpf");
  error.message = "cannot " + what + ": " + error.message;
  return error;
}

// In the order of ProgramMap.
constexpr const char* kMapNames[kProgramMaps] = {"layout",  "state",    "ring",   "programs",
                                                 "signals", "controls", "numbers"};
/** Those that nothing else keeps, and those that are read. The kernel empties an array of programs
 * that nobody holds. */
constexpr ProgramMap kHandedMaps[] = {ProgramMap::kState, ProgramMap::kRing, ProgramMap::kPrograms};
constexpr char kSignalLinkName[] = "signal_generate";
constexpr char kMarkLinkName[] = "mark_victim";
constexpr char kEntryLinkName[] = "oom_kill_process";
constexpr char kExitLinkName[] = "oom_kill_process_end";

/** A name that only this program has, whatever version of the agent brings it. */
std::string Identity() {
  const int no_maps[kProgramMaps] = {};
  uint64_t hash = WITNESS_VERSION;
  for (const ProgramName name :
       {ProgramName::kSignalGenerate, ProgramName::kMarkVictim, ProgramName::kLevel,
        ProgramName::kOomKillProcess, ProgramName::kOomKillProcessEnd}) {
    for (const uint64_t instruction : ProgramImage(name, no_maps)) {
      hash = (hash ^ instruction) * 0x100000001b3;
    }
  }
  char text[32];
  snprintf(text, sizeof text, "program_%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/** Before Linux 5.11 maps and programs are locked memory. */
class UnlimitedMemlock {
 public:
  UnlimitedMemlock() {
    if (getrlimit(RLIMIT_MEMLOCK, &before_) != 0) return;
    const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    raised_ = setrlimit(RLIMIT_MEMLOCK, &unlimited) == 0;
  }
  ~UnlimitedMemlock() {
    if (raised_) setrlimit(RLIMIT_MEMLOCK, &before_);
  }

 private:
  rlimit before_;
  bool raised_ = false;
};

const char* NameOf(ProgramName name) {
  switch (name) {
    case ProgramName::kSignalGenerate:
      return "oomw_signal";
    case ProgramName::kMarkVictim:
      return "oomw_mark";
    case ProgramName::kLevel:
      return "oomw_level";
    case ProgramName::kOomKillProcess:
      return "oomw_entry";
    case ProgramName::kOomKillProcessEnd:
      return "oomw_exit";
  }
  return "oomw";
}

}  // namespace

std::optional<WitnessProgram> WitnessProgram::Load(uint32_t ring_bytes, IoError* error) {
  std::optional<KernelLayout> layout;
  {
    const std::optional<KernelBtf> btf = KernelBtf::Open(kBtfPath, error);
    if (!btf) {
      *error = WithRemedy(std::move(*error), "read the kernel's types");
      return std::nullopt;
    }
    std::string missing;
    layout = ReadKernelLayout(btf->bytes(), &missing);
    if (!layout) {
      *error = {"ERR_KERNEL_LAYOUT", 0, "read",
                "ERR_KERNEL_LAYOUT: the kernel's types lack " + missing +
                    "; a newer version of the agent may know this kernel"};
      return std::nullopt;
    }
  }

  std::optional<UnlimitedMemlock> unlimited;
  if (ReadCircumstances().memory_is_locked) unlimited.emplace();
  WitnessProgram program;
  program.oom_kill_process_ = layout->oom_kill_process;
  program.ring_bytes_ = ring_bytes;
  if (!program.CreateMaps(layout->offsets, ring_bytes, error)) return std::nullopt;

  UniqueFd level;
  int result = program.LoadOne(ProgramName::kLevel, &level);
  const uint32_t zero = 0;
  const int level_fd = level.get();
  if (result >= 0) {
    const int programs = program.maps_[static_cast<int>(ProgramMap::kPrograms)].get();
    result = bpf::UpdateElement(programs, &zero, &level_fd);
  }
  if (result < 0) {
    *error = WithRemedy(BpfError(result), "load the program that sees OOM kills");
    return std::nullopt;
  }
  // Evidence first: no mark may be seen without its own.
  if (!program.Attach(ProgramName::kSignalGenerate, "signal_generate", &program.signal_link_,
                      error) ||
      !program.Attach(ProgramName::kMarkVictim, "mark_victim", &program.mark_link_, error)) {
    return std::nullopt;
  }
  if (!program.counts_.Map(program.map(ProgramMap::kState).get(), error)) return std::nullopt;
  return program;
}

std::optional<WitnessProgram> WitnessProgram::Adopt(const PinDirectory& pins, IoError* error) {
  int error_number = 0;
  if (!pins.OpenObject(Identity().c_str(), &error_number).valid()) {
    if (error_number == ENOENT) {
      *error = {"ERR_OTHER_PROGRAM", 0, "bpf", "ERR_OTHER_PROGRAM: another version pinned it"};
    } else {
      *error = PinError(error_number, "open the witness that is pinned");
    }
    return std::nullopt;
  }
  WitnessProgram program;
  if (!program.OpenObjects(pins, true, error)) return std::nullopt;
  if (!program.counts_.Map(program.map(ProgramMap::kState).get(), error)) return std::nullopt;
  return program;
}

std::optional<WitnessProgram> WitnessProgram::AdoptOther(const PinDirectory& pins, IoError* error) {
  WitnessProgram program;
  if (program.OpenObjects(pins, false, error)) return program;
  *error = {"ERR_PINS_FOREIGN", 0, "bpf",
            "ERR_PINS_FOREIGN: what is pinned in '" + pins.path() +
                "' is no witness of oomWatcher's; remove it, or name another folder"};
  return std::nullopt;
}

std::optional<WitnessProgram> WitnessProgram::FromDescriptors(NamedFds* fds, IoError* error) {
  WitnessProgram program;
  for (const ProgramMap name : kHandedMaps) {
    program.map(name) = TakeFd(fds, kMapNames[static_cast<int>(name)]);
  }
  program.signal_link_ = TakeFd(fds, kSignalLinkName);
  program.mark_link_ = TakeFd(fds, kMarkLinkName);
  program.exit_link_ = TakeFd(fds, kExitLinkName);
  program.entry_link_ = TakeFd(fds, kEntryLinkName);
  if (!program.ReadRing(error) ||
      !program.counts_.Map(program.map(ProgramMap::kState).get(), error)) {
    error->message = "cannot read the witness that was handed over: " + error->message;
    return std::nullopt;
  }
  return program;
}

void WitnessProgram::HandOver(NamedFds* fds) {
  const auto hand = [&](const char* name, UniqueFd* fd) {
    if (fd->valid()) fds->push_back({name, std::move(*fd)});
  };
  for (const ProgramMap name : kHandedMaps) hand(kMapNames[static_cast<int>(name)], &map(name));
  hand(kSignalLinkName, &signal_link_);
  hand(kMarkLinkName, &mark_link_);
  hand(kExitLinkName, &exit_link_);
  hand(kEntryLinkName, &entry_link_);
}

bool WitnessProgram::OpenObjects(const PinDirectory& pins, bool whole, IoError* error) {
  int error_number = 0;
  for (int i = 0; i < kProgramMaps; i++) {
    maps_[i] = pins.OpenObject(kMapNames[i], &error_number);
    const bool needed = whole || i == static_cast<int>(ProgramMap::kRing);
    if (!maps_[i].valid() && needed) {
      *error = PinError(error_number, "open the witness that is pinned");
      return false;
    }
  }
  signal_link_ = pins.OpenObject(kSignalLinkName, &error_number);
  mark_link_ = pins.OpenObject(kMarkLinkName, &error_number);
  if (whole && (!signal_link_.valid() || !mark_link_.valid())) {
    *error = PinError(error_number, "open the witness that is pinned");
    return false;
  }
  exit_link_ = pins.OpenObject(kExitLinkName, &error_number);
  entry_link_ = pins.OpenObject(kEntryLinkName, &error_number);
  return ReadRing(error);
}

/** A ring may be of another size than we would make. */
bool WitnessProgram::ReadRing(IoError* error) {
  const std::optional<bpf::MapFacts> facts = bpf::FactsOf(ring());
  if (!facts || facts->type != bpf::MapType::kRing) {
    *error = {"ERR_NO_RING", 0, "read", "ERR_NO_RING: there is no ring of records"};
    return false;
  }
  ring_bytes_ = facts->entries;
  return true;
}

bool WitnessProgram::Pin(PinDirectory* pins, const UniqueFd& before, IoError* error) const {
  int failure = pins->BeginSet();
  for (int i = 0; i < kProgramMaps && failure == 0; i++) {
    failure = pins->Pin(maps_[i].get(), kMapNames[i]);
  }
  if (failure == 0) failure = pins->Pin(signal_link_.get(), kSignalLinkName);
  if (failure == 0) failure = pins->Pin(mark_link_.get(), kMarkLinkName);
  if (failure == 0) {
    failure = pins->Pin(maps_[static_cast<int>(ProgramMap::kState)].get(), Identity().c_str());
  }
  if (failure == 0 && before.valid()) failure = pins->Pin(before.get(), kRingBeforeName);
  if (failure == 0) failure = pins->CommitSet();
  if (failure != 0) *error = PinError(failure, "pin the witness");
  return failure == 0;
}

bool WitnessProgram::PinControl(const PinDirectory& pins, IoError* error) const {
  int failure = pins.PinInSet(exit_link_.get(), kExitLinkName);
  if (failure == 0) failure = pins.PinInSet(entry_link_.get(), kEntryLinkName);
  if (failure != 0) *error = PinError(failure, "pin the witness");
  return failure == 0;
}

void WitnessProgram::Detach() {
  // The mark first: no mark may be seen without its evidence.
  for (UniqueFd* link : {&mark_link_, &signal_link_, &entry_link_, &exit_link_}) {
    UniqueFd closed;
    closed = std::move(*link);
  }
}

bool WitnessProgram::CreateMaps(const witness_layout& layout, uint32_t ring_bytes, IoError* error) {
  const bpf::MapSpec specs[kProgramMaps] = {
      {bpf::MapType::kArray, "oomw_layout", 4, sizeof(witness_layout), 1, true},
      {bpf::MapType::kArray, "oomw_state", 4, sizeof(witness_state), 1, false, true},
      {bpf::MapType::kRing, "oomw_ring", 0, 0, ring_bytes},
      {bpf::MapType::kProgramArray, "oomw_programs", 4, 4, 1},
      {bpf::MapType::kLruHash, "oomw_signals", 8, sizeof(witness_signal), kTasks},
      {bpf::MapType::kLruHash, "oomw_controls", 8, sizeof(witness_control), kTasks},
      {bpf::MapType::kLruHash, "oomw_numbers", 8, 8, kCgroups},
  };
  for (int i = 0; i < kProgramMaps; i++) {
    const int map = bpf::CreateMap(specs[i]);
    if (map < 0) {
      *error = WithRemedy(BpfError(map), "make the maps of the program that sees OOM kills");
      return false;
    }
    maps_[i] = UniqueFd(map);
  }
  const int map = maps_[static_cast<int>(ProgramMap::kLayout)].get();
  const uint32_t zero = 0;
  int result = bpf::UpdateElement(map, &zero, &layout);
  // The verifier takes a frozen map's values for constants.
  if (result >= 0) result = bpf::FreezeMap(map);
  if (result < 0) *error = WithRemedy(BpfError(result), "fill the program's map");
  return result >= 0;
}

int WitnessProgram::LoadOne(ProgramName name, UniqueFd* program) const {
  int fds[kProgramMaps];
  for (int i = 0; i < kProgramMaps; i++) fds[i] = maps_[i].get();
  const std::vector<uint64_t> instructions = ProgramImage(name, fds);
  bpf::ProgramSpec spec = {bpf::ProgramType::kRawTracepoint, NameOf(name), &instructions};
  if (name == ProgramName::kOomKillProcess || name == ProgramName::kOomKillProcessEnd) {
    spec.type = bpf::ProgramType::kTracing;
    spec.attach =
        name == ProgramName::kOomKillProcess ? bpf::AttachType::kEntry : bpf::AttachType::kExit;
    spec.function = oom_kill_process_;
  }
  const int fd = bpf::LoadProgram(spec);
  if (fd >= 0) *program = UniqueFd(fd);
  return fd;
}

bool WitnessProgram::Attach(ProgramName name, const char* tracepoint, UniqueFd* link,
                            IoError* error) {
  UniqueFd program;
  int result = LoadOne(name, &program);
  if (result >= 0) result = bpf::AttachRaw(program.get(), tracepoint);
  if (result < 0) {
    *error = WithRemedy(BpfError(result), "load the program that sees OOM kills");
    return false;
  }
  *link = UniqueFd(result);
  return true;
}

bool WitnessProgram::AttachControl(IoError* error) {
  if (oom_kill_process_ == 0) {
    *error = SystemError(ENOENT, "bpf");
    error->message = "this kernel has no function oom_kill_process to attach to";
    return false;
  }
  std::optional<UnlimitedMemlock> unlimited;
  if (ReadCircumstances().memory_is_locked) unlimited.emplace();
  // The end first: what the beginning notes is always taken away.
  return Attach(ProgramName::kOomKillProcessEnd, nullptr, &exit_link_, error) &&
         Attach(ProgramName::kOomKillProcess, nullptr, &entry_link_, error);
}

}  // namespace kmsg
