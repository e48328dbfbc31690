#include "memory_text.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace kmsg {
namespace {

/** Without a limit v1 tells the greatest number of pages in bytes (PAGE_COUNTER_MAX). */
constexpr uint64_t kNoLimitBytes = uint64_t{1} << 60;

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

/** Calls `line` with each line, without its newline. */
template <typename Line>
void EachLine(std::string_view text, Line line) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::optional<uint64_t> ParseBytes(std::string_view text) { return ParseNumber(text); }

uint32_t ParseLimit(std::string_view text) {
  const std::optional<uint64_t> bytes = ParseNumber(text);
  return bytes && *bytes < kNoLimitBytes ? ToKib(*bytes) : kNoKib;
}

MemoryStat ParseMemoryStat(CgroupVersion version, std::string_view text) {
  MemoryStat stat;
  const bool v1 = version == CgroupVersion::kV1;
  const struct {
    std::string_view name;
    uint32_t* to;
  } fields[] = {
      {v1 ? "total_rss" : "anon", &stat.anon},
      {v1 ? "total_cache" : "file", &stat.file},
      {v1 ? "total_shmem" : "shmem", &stat.shmem},
      {v1 ? "total_swap" : "", &stat.swap},
      {v1 ? "" : "kernel", &stat.kernel},
      {v1 ? "total_inactive_file" : "inactive_file", &stat.inactive_file},
  };
  EachLine(text, [&](std::string_view line) {
    const size_t space = line.find(' ');
    if (space == std::string_view::npos) return;
    const std::string_view name = line.substr(0, space);
    for (const auto& field : fields) {
      if (field.name != name) continue;
      if (const auto bytes = ParseNumber(line.substr(space + 1))) *field.to = ToKib(*bytes);
    }
  });
  return stat;
}

bool ParseProcessStat(std::string_view text, ProcessSample* process) {
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return false;
  }
  const std::string_view name = text.substr(open + 1, close - open - 1);
  std::memset(process->name, 0, sizeof process->name);
  std::memcpy(process->name, name.data(), std::min(name.size(), sizeof process->name - 1));
  // The name is field 2, the start field 22 (proc_pid_stat(5)); each begins after a space.
  std::string_view rest = text.substr(close + 1);
  for (int field = 2; field < 22; field++) {
    const size_t space = rest.find(' ');
    if (space == std::string_view::npos) return false;
    rest.remove_prefix(space + 1);
  }
  const auto start = ParseNumber(rest);
  process->start = start.value_or(0);
  return start.has_value();
}

bool ParseProcessStatus(std::string_view text, ProcessSample* process) {
  bool has_memory = false;
  EachLine(text, [&](std::string_view line) {
    // `RssAnon:\t     892 kB`; only the kernel writes these names at the start of a line, for it
    // escapes newlines in the process's own.
    if (line.substr(0, 3) != "Rss") return;
    const size_t colon = line.find(':');
    const size_t digit = line.find_first_of("0123456789");
    if (colon == std::string_view::npos || digit == std::string_view::npos) return;
    const auto kib = ParseNumber(line.substr(digit));
    if (!kib) return;
    const uint32_t size = ToKib(*kib * 1024);
    const std::string_view name = line.substr(3, colon - 3);
    if (name == "Anon") {
      process->anon = size;
      has_memory = true;
    } else if (name == "File") {
      process->file = size;
    } else if (name == "Shmem") {
      process->shmem = size;
    }
  });
  return has_memory;
}

}  // namespace kmsg
