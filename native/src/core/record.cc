#include "record.h"

#include <algorithm>

namespace kmsg {
namespace {

// Facility and level are 8 and 3 bits.
constexpr uint64_t kMaxPriority = 255 * 8 + 7;

// So many digits never overflow 64 bits.
constexpr ptrdiff_t kDigitsThatFit = 19;

/**
 * Takes a decimal number and the comma after it off the front of `bytes`. Not std::from_chars: that
 * looks each digit up in a table, one more page that every read(2) has pushed out of the TLB.
 */
bool TakeNumber(std::string_view* bytes, uint64_t* number) {
  const char* const begin = bytes->data();
  const char* const end = begin + bytes->size();
  const char* const fits = begin + std::min(kDigitsThatFit, end - begin);
  const auto digit_of = [](char c) { return static_cast<unsigned char>(c) - unsigned{'0'}; };
  const char* c = begin;
  uint64_t value = 0;
  for (; c != fits && digit_of(*c) <= 9; c++) value = value * 10 + digit_of(*c);
  for (; c != end && digit_of(*c) <= 9; c++) {
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, uint64_t{digit_of(*c)}, &value)) {
      return false;
    }
  }
  if (c == begin || c == end || *c != ',') return false;
  bytes->remove_prefix(static_cast<size_t>(c + 1 - begin));
  *number = value;
  return true;
}

}  // namespace

[[gnu::hot]] bool SplitRecord(std::string_view bytes, Record* record) {
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
