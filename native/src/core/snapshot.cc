#include "snapshot.h"

#include <fcntl.h>
#include <string.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "unique_fd.h"

namespace kmsg {
namespace {

constexpr size_t kLengthBytes = sizeof(int32_t);

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

/** The bytes read, or -errno. */
int32_t ReadFile(int folder, const std::string& name, char* out) {
  const UniqueFd fd(openat(folder, name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) return -errno;
  size_t length = 0;
  while (length < kSnapshotFileBytes) {
    const ssize_t got = read(fd.get(), out + length, kSnapshotFileBytes - length);
    if (got == 0) break;
    if (got > 0) {
      length += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return -errno;
    }
  }
  return static_cast<int32_t>(length);
}

void PutLittleEndian(int32_t value, char* out) {
  const uint32_t bits = static_cast<uint32_t>(value);
  for (size_t i = 0; i < kLengthBytes; i++) out[i] = static_cast<char>(bits >> (8 * i) & 0xff);
}

size_t ReadFiles(const SnapshotRule& rule, std::string_view number, char* out) {
  const std::string path = PathFor(rule.folder, number);
  const UniqueFd folder(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  const int32_t failure = folder.valid() ? 0 : -errno;
  char* end = out;
  for (const std::string& file : rule.files) {
    const int32_t length =
        folder.valid() ? ReadFile(folder.get(), file, end + kLengthBytes) : failure;
    PutLittleEndian(length, end);
    end += kLengthBytes + (length > 0 ? static_cast<size_t>(length) : 0);
  }
  return static_cast<size_t>(end - out);
}

}  // namespace

Snapshots::Snapshots(std::vector<SnapshotRule> rules) : rules_(std::move(rules)) {
  for (const SnapshotRule& rule : rules_) {
    max_bytes_ = std::max(max_bytes_, rule.files.size() * (kLengthBytes + kSnapshotFileBytes));
  }
}

size_t Snapshots::Take(const Record& record, char* out) const {
  if (!record.from_kernel()) return 0;
  for (const SnapshotRule& rule : rules_) {
    const std::string_view number = NumberAfter(record.text, rule.marker);
    if (!number.empty()) return ReadFiles(rule, number, out);
  }
  return 0;
}

}  // namespace kmsg
