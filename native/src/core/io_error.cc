#include "io_error.h"

#include <cerrno>
#include <system_error>

namespace kmsg {
namespace {

// uv_err_name would know them all, but libuv is outside Node-API's promise that one binary serves
// every Node release, and strerrorname_np is missing in musl. These are the errors that open,
// fstat, read, poll, eventfd2 and clone document.
std::string ErrnoName(int error_number) {
  switch (error_number) {
    case EACCES:
      return "EACCES";
    case EAGAIN:
      return "EAGAIN";
    case EBADF:
      return "EBADF";
    case EFAULT:
      return "EFAULT";
    case EINVAL:
      return "EINVAL";
    case EIO:
      return "EIO";
    case EISDIR:
      return "EISDIR";
    case ELOOP:
      return "ELOOP";
    case EMFILE:
      return "EMFILE";
    case ENAMETOOLONG:
      return "ENAMETOOLONG";
    case ENFILE:
      return "ENFILE";
    case ENODATA:
      return "ENODATA";
    case ENODEV:
      return "ENODEV";
    case ENOENT:
      return "ENOENT";
    case ENOMEM:
      return "ENOMEM";
    case ENOTDIR:
      return "ENOTDIR";
    case ENXIO:
      return "ENXIO";
    case EPERM:
      return "EPERM";
    default:
      return "ERRNO_" + std::to_string(error_number);
  }
}

}  // namespace

IoError SystemError(int error_number, const char* syscall) {
  std::string code = ErrnoName(error_number);
  std::string message =
      code + ": " + std::generic_category().message(error_number) + ", " + syscall;
  return {std::move(code), error_number, syscall, std::move(message)};
}

}  // namespace kmsg
