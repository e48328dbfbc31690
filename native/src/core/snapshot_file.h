#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kmsg {

/** A file in a snapshot is cut here. */
constexpr size_t kSnapshotFileBytes = 8192;

/** The most that ReadSnapshotFile ever writes. */
constexpr size_t kSnapshotEntryBytes = sizeof(int32_t) + kSnapshotFileBytes;

/**
 * Writes a file of `folder` to `out`: int32 n (little-endian) and n bytes, or -errno and none. A
 * folder that is negative is the -errno of all its files. Returns how many bytes it wrote.
 */
size_t ReadSnapshotFile(int folder, const std::string& name, char* out);

}  // namespace kmsg
