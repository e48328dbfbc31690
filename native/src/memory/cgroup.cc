#include "cgroup.h"

namespace kmsg {

std::string Cgroup::path() const {
  return parent == nullptr ? std::string() : parent->path() + "/" + name;
}

uint32_t Cgroup::nearest_limit() const {
  for (const Cgroup* at = this; at != nullptr; at = at->parent) {
    if (at->limit != kNoKib) return at->limit;
  }
  return kNoKib;
}

}  // namespace kmsg
