#include "last_record.h"

namespace kmsg {

size_t LastRecord(std::string_view bytes, size_t end) {
  for (size_t at = end; at > 1; at--) {
    const char first = bytes[at - 1];
    if (bytes[at - 2] == '\n' && first != ' ' && first != '\t') return at - 1;
  }
  return 0;
}

}  // namespace kmsg
