#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../src/witness/btf.h"

/** BTF that a test writes type by type; types are numbered from 1. */
class BtfBytes {
 public:
  struct Field {
    std::string name;
    uint32_t type;
    uint32_t bit;
  };

  uint32_t Add(kmsg::BtfKind kind, const std::string& name, uint32_t size_or_type,
               const std::vector<uint32_t>& rest = {}, uint32_t count = 0, bool flag = false) {
    Put(Name(name));
    Put((flag ? 1u << 31 : 0) | static_cast<uint32_t>(kind) << 24 | count);
    Put(size_or_type);
    for (const uint32_t word : rest) Put(word);
    return ++types_count_;
  }

  uint32_t AddInt(const std::string& name) { return Add(kmsg::BtfKind::kInt, name, 8, {64}); }

  uint32_t AddStruct(const std::string& name, uint32_t bytes, const std::vector<Field>& fields,
                     kmsg::BtfKind kind = kmsg::BtfKind::kStruct, bool flag = false) {
    std::vector<uint32_t> rest;
    for (const Field& field : fields) {
      rest.insert(rest.end(), {Name(field.name), field.type, field.bit});
    }
    return Add(kind, name, bytes, rest, static_cast<uint32_t>(fields.size()), flag);
  }

  uint32_t AddEnum(const std::string& name, const std::vector<std::string>& values) {
    std::vector<uint32_t> rest;
    for (size_t i = 0; i < values.size(); i++) {
      rest.insert(rest.end(), {Name(values[i]), static_cast<uint32_t>(i)});
    }
    return Add(kmsg::BtfKind::kEnum, name, 4, rest, static_cast<uint32_t>(values.size()));
  }

  std::string Whole() const {
    std::string bytes;
    const uint32_t types = static_cast<uint32_t>(types_.size());
    for (const uint32_t word :
         {0x0001eb9fu, 24u, 0u, types, types, static_cast<uint32_t>(strings_.size())}) {
      bytes.append(reinterpret_cast<const char*>(&word), 4);
    }
    return bytes + types_ + strings_;
  }

 private:
  uint32_t Name(const std::string& name) {
    if (name.empty()) return 0;
    const uint32_t at = static_cast<uint32_t>(strings_.size());
    strings_ += name + '\0';
    return at;
  }
  void Put(uint32_t word) { types_.append(reinterpret_cast<const char*>(&word), 4); }

  std::string types_;
  std::string strings_ = std::string(1, '\0');
  uint32_t types_count_ = 0;
};
