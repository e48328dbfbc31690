#include "record.h"

#include <charconv>
#include <system_error>

namespace kmsg {
namespace {

// Facility and level are 8 and 3 bits.
constexpr uint64_t kMaxPriority = 255 * 8 + 7;

/** Takes a decimal number and the comma after it off the front of `bytes`. */
bool TakeNumber(std::string_view* bytes, uint64_t* number) {
  const char* const end = bytes->data() + bytes->size();
  const auto [after, error] = std::from_chars(bytes->data(), end, *number);
  if (error != std::errc() || after == end || *after != ',') return false;
  bytes->remove_prefix(static_cast<size_t>(after + 1 - bytes->data()));
  return true;
}

}  // namespace

bool SplitRecord(std::string_view bytes, Record* record) {
  std::string_view rest = bytes;
  uint64_t priority;
  if (!TakeNumber(&rest, &priority) || priority > kMaxPriority ||
      !TakeNumber(&rest, &record->seq) || !TakeNumber(&rest, &record->timestamp_us)) {
    return false;
  }
  const size_t semicolon = rest.find(';');
  if (semicolon == std::string_view::npos) return false;
  record->priority = static_cast<uint16_t>(priority);
  record->flag = rest[0] == ',' || rest[0] == ';' ? 0 : static_cast<uint8_t>(rest[0]);
  record->whole = bytes;
  rest.remove_prefix(semicolon + 1);
  record->text = rest.substr(0, rest.find('\n'));
  return true;
}

}  // namespace kmsg
