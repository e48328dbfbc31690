#include "witnessed.h"

#include <cstring>

namespace kmsg {

std::string NameOf(const witness_u8* bytes, size_t most) {
  const char* const name = reinterpret_cast<const char*>(bytes);
  return std::string(name, strnlen(name, most));
}

std::optional<Witnessed> ParseWitnessed(std::string_view bytes) {
  Witnessed witnessed;
  witness_record& fields = witnessed.fields;
  if (bytes.size() < sizeof fields) return std::nullopt;
  std::memcpy(&fields, bytes.data(), sizeof fields);
  if (fields.version != WITNESS_VERSION || fields.bytes != bytes.size()) return std::nullopt;
  bytes.remove_prefix(sizeof fields);
  for (int i = 0; i < fields.levels; i++) {
    Witnessed::Level level;
    if (bytes.size() < sizeof level.fields) return std::nullopt;
    std::memcpy(&level.fields, bytes.data(), sizeof level.fields);
    bytes.remove_prefix(sizeof level.fields);
    const size_t length = level.fields.name_bytes;
    const size_t padded = (length + 7) & ~size_t{7};
    if (length >= WITNESS_NAME_BYTES || padded > bytes.size()) return std::nullopt;
    level.name.assign(bytes.data(), length);
    bytes.remove_prefix(padded);
    witnessed.levels.push_back(std::move(level));
  }
  return witnessed;
}

}  // namespace kmsg
