#include "record.h"

#include <limits>

namespace kmsg {
namespace {

// Facility and level are 8 and 3 bits.
constexpr uint64_t kMaxPriority = 255 * 8 + 7;

/** Takes a decimal number of at most `max` and the comma after it off the front of `prefix`. */
bool TakeNumber(std::string_view* prefix, uint64_t max, uint64_t* number) {
  const size_t comma = prefix->find(',');
  if (comma == std::string_view::npos || comma == 0) return false;
  uint64_t value = 0;
  for (const char digit : prefix->substr(0, comma)) {
    if (digit < '0' || digit > '9') return false;
    const uint64_t units = static_cast<uint64_t>(digit - '0');
    if (value > (max - units) / 10) return false;
    value = value * 10 + units;
  }
  *number = value;
  prefix->remove_prefix(comma + 1);
  return true;
}

}  // namespace

bool SplitRecord(std::string_view bytes, Record* record) {
  const size_t semicolon = bytes.find(';');
  if (semicolon == std::string_view::npos) return false;

  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  std::string_view prefix = bytes.substr(0, semicolon);
  uint64_t priority;
  if (!TakeNumber(&prefix, kMaxPriority, &priority) || !TakeNumber(&prefix, kMax, &record->seq) ||
      !TakeNumber(&prefix, kMax, &record->timestamp_us)) {
    return false;
  }
  record->priority = static_cast<uint16_t>(priority);
  record->flag = prefix.empty() || prefix[0] == ',' ? 0 : static_cast<uint8_t>(prefix[0]);
  record->whole = bytes;
  const std::string_view rest = bytes.substr(semicolon + 1);
  record->text = rest.substr(0, rest.find('\n'));
  return true;
}

}  // namespace kmsg
