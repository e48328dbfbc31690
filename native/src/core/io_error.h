#pragma once

#include <string>

namespace kmsg {

/** Why a device or the thread failed, in the terms of Node's system errors. */
struct IoError {
  /** A symbolic name: that of the errno, or ERR_NOT_KMSG. */
  std::string code;
  /** The positive errno; 0 when the kernel reported no error. */
  int error_number = 0;
  const char* syscall = "";
  std::string message;
};

IoError SystemError(int error_number, const char* syscall);

}  // namespace kmsg
