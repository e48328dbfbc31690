#pragma once

#include <cstdint>
#include <vector>

namespace kmsg {

/** The maps by the numbers that the compiled program has in place of descriptors; the order is that
 * of bpf/compile.ts. */
enum class ProgramMap { kLayout, kState, kRing, kPrograms, kSignals, kControls, kNumbers };
constexpr int kProgramMaps = 7;

enum class ProgramName {
  kSignalGenerate,
  kMarkVictim,
  kLevel,
  kOomKillProcess,
  kOomKillProcessEnd
};

/** The instructions of a program with its maps' descriptors in them. */
std::vector<uint64_t> ProgramImage(ProgramName name, const int (&map_fds)[kProgramMaps]);

}  // namespace kmsg
