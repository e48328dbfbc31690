#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "memory_sample.h"

namespace kmsg {

/** Which files a memory cgroup has, and what is in them. */
enum class CgroupVersion { kV1 = 1, kV2 = 2 };

/** The text of memory.stat: of v1 the totals, which count what is below the cgroup too. */
MemoryStat ParseMemoryStat(CgroupVersion version, std::string_view text);

/** The number in a file of one number, bytes. Empty: it is none. */
std::optional<uint64_t> ParseBytes(std::string_view text);

/** The text of a file that holds a limit, KiB. kNoKib: there is none. */
uint32_t ParseLimit(std::string_view text);

/** Identity of a process, from the text of /proc/N/stat: its name may hold any bytes but the last
 * `)`. */
bool ParseProcessStat(std::string_view text, ProcessSample* process);

/** Its memory, from the text of /proc/N/status. False: it has none, as a kernel thread or one that
 * has ended. */
bool ParseProcessStatus(std::string_view text, ProcessSample* process);

}  // namespace kmsg
