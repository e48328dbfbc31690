#include "snapshot.h"

#include <fcntl.h>
#include <string.h>

#include <algorithm>
#include <cerrno>

namespace kmsg {
namespace {

// Enough for a 32-bit number; more digits name no process.
constexpr size_t kMaxDigits = 10;

/** The digits directly after the first `marker` that has some; empty when there are none. */
std::string_view NumberAfter(std::string_view text, std::string_view marker) {
  for (;;) {
    const void* found = memmem(text.data(), text.size(), marker.data(), marker.size());
    if (found == nullptr) return {};
    text.remove_prefix(static_cast<size_t>(static_cast<const char*>(found) - text.data()) +
                       marker.size());
    const size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits > 0 && digits <= kMaxDigits) return text.substr(0, digits);
  }
}

std::string PathFor(const std::string& folder, std::string_view number) {
  std::string path;
  path.reserve(folder.size() + kMaxDigits);
  for (const char c : folder) {
    if (c == '%') {
      path += number;
    } else {
      path += c;
    }
  }
  return path;
}

size_t ReadFiles(int folder, const std::vector<std::string>& files, char* out) {
  char* end = out;
  for (const std::string& file : files) end += ReadSnapshotFile(folder, file, end);
  return static_cast<size_t>(end - out);
}

size_t ReadFolder(const SnapshotRule& rule, std::string_view number, char* out, Unread* unread) {
  const std::string path = PathFor(rule.folder, number);
  UniqueFd folder(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const int at = folder.valid() ? folder.get() : -errno;
  const size_t length = ReadFiles(at, rule.files, out);
  if (unread == nullptr || !folder.valid()) {
    return length + ReadFiles(at, rule.slow_files, out + length);
  }
  if (!rule.slow_files.empty()) *unread = {std::move(folder), &rule.slow_files};
  return length;
}

}  // namespace

size_t Unread::Read(char* out) const { return ReadFiles(folder.get(), *files, out); }

Snapshots::Snapshots(std::vector<SnapshotRule> rules) : rules_(std::move(rules)) {
  for (const SnapshotRule& rule : rules_) {
    max_bytes_ = std::max(max_bytes_, rule.files_in_all() * kSnapshotEntryBytes);
    max_slow_bytes_ = std::max(max_slow_bytes_, rule.slow_files.size() * kSnapshotEntryBytes);
  }
}

size_t Snapshots::Take(const Record& record, char* out, Unread* unread) const {
  if (!record.from_kernel()) return 0;
  for (const SnapshotRule& rule : rules_) {
    const std::string_view number = NumberAfter(record.text, rule.marker);
    if (!number.empty()) return ReadFolder(rule, number, out, unread);
  }
  return 0;
}

}  // namespace kmsg
