#pragma once

#include <vector>

namespace kmsg {

/**
 * Gives the calling thread a table of file descriptors of its own, with those of `keep` alone.
 * False: the kernel cannot (before Linux 5.9) or may not, and the thread shares the process's table
 * as before.
 *
 * In a table that threads share, every system call on a descriptor takes a reference of the file
 * and gives it back, by locked instructions (__fget_light, fs/file.c): a twentieth of what it costs
 * to read a record.
 *
 * What the thread opens from now on means nothing to others, nor theirs to it: no descriptor may be
 * handed over, nor closed, by the one for the other. It keeps no file open that others close.
 */
bool UnshareFileTable(std::vector<int> keep);

}  // namespace kmsg
