#include "process_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "memory_text.h"

namespace kmsg {
namespace {

/** Processes whose size is read for one sample. */
constexpr size_t kReadEach = 32;

}  // namespace

ProcessReader::ProcessReader(const char* proc)
    : proc_(open(proc, O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

std::vector<ProcessSample> ProcessReader::Biggest(const std::vector<int>& pids,
                                                  ProcessRanking* ranking) {
  for (const int pid : ranking->Choose(pids, kReadEach)) {
    // Its second number are the resident pages (proc_pid_statm(5)).
    const std::string text = Read(pid, "statm");
    const size_t space = text.find(' ');
    if (space == std::string::npos) {
      ranking->Forget(pid);
    } else {
      ranking->Note(pid, std::strtoull(text.c_str() + space, nullptr, 10));
    }
  }
  std::vector<ProcessSample> biggest;
  for (const int pid : ranking->Biggest(kBiggest)) {
    ProcessSample process;
    process.pid = pid;
    if (!ParseProcessStatus(Read(pid, "status"), &process)) continue;
    if (!ParseProcessStat(Read(pid, "stat"), &process)) continue;
    biggest.push_back(process);
  }
  std::sort(biggest.begin(), biggest.end(), [](const auto& one, const auto& other) {
    return std::pair(other.held(), one.pid) < std::pair(one.held(), other.pid);
  });
  return biggest;
}

std::string ProcessReader::Read(int pid, const char* file) {
  const std::string path = std::to_string(pid) + "/" + file;
  const UniqueFd fd(openat(proc_.get(), path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[4096];
  if (!fd.valid()) {
    denied_ = denied_ || errno == EACCES || errno == EPERM;
    return {};
  }
  const ssize_t got = read(fd.get(), text, sizeof text);
  if (got < 0) denied_ = denied_ || errno == EACCES || errno == EPERM;
  return {text, got > 0 ? static_cast<size_t>(got) : 0};
}

}  // namespace kmsg
