#include "program_image.h"

#include <cstddef>

#include "program.h"

namespace kmsg {
namespace {

constexpr uint64_t kLoadImmediate = 0x18;
constexpr uint64_t kImmediateMask = 0xffffffff00000000;

bool NamesMap(uint64_t instruction) {
  const uint64_t source = instruction >> 12 & 0xf;
  return (instruction & 0xff) == kLoadImmediate && (source == 1 || source == 2);
}

template <size_t N>
std::vector<uint64_t> Copy(const uint64_t (&instructions)[N]) {
  return std::vector<uint64_t>(instructions, instructions + N);
}

std::vector<uint64_t> Instructions(ProgramName name) {
  switch (name) {
    case ProgramName::kSignalGenerate:
      return Copy(program::k_signal_generate);
    case ProgramName::kMarkVictim:
      return Copy(program::k_mark_victim);
    case ProgramName::kLevel:
      return Copy(program::k_level);
    case ProgramName::kOomKillProcess:
      return Copy(program::k_oom_kill_process);
    case ProgramName::kOomKillProcessEnd:
      return Copy(program::k_oom_kill_process_end);
  }
  return {};
}

}  // namespace

std::vector<uint64_t> ProgramImage(ProgramName name, const int (&map_fds)[kProgramMaps]) {
  std::vector<uint64_t> instructions = Instructions(name);
  for (size_t i = 0; i < instructions.size(); i++) {
    uint64_t& instruction = instructions[i];
    if ((instruction & 0xff) != kLoadImmediate) continue;
    if (NamesMap(instruction)) {
      const uint64_t fd = static_cast<uint32_t>(map_fds[instruction >> 32]);
      instruction = (instruction & ~kImmediateMask) | fd << 32;
    }
    // Its second half is no instruction.
    i++;
  }
  return instructions;
}

}  // namespace kmsg
