#pragma once

#include <cstddef>
#include <string_view>

namespace kmsg {

/**
 * Where the last record that begins before `end` does; 0: at the front, if at all. A record is a
 * line with the lines behind it that begin with a blank.
 */
size_t LastRecord(std::string_view bytes, size_t end);

}  // namespace kmsg
