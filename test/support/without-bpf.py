"""Runs a command to which bpf(2) is refused by a seccomp filter, with every capability: without-bpf.py COMMAND ARGS..."""

import ctypes
import os
import platform
import struct
import sys

NUMBER_OF_BPF = {"x86_64": 321, "aarch64": 280}[platform.machine()]
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE_WITH_EPERM = 0x7FFF0000, 0x00050000 | 1

# struct sock_filter: code, jump if true, jump if false, value (include/uapi/linux/filter.h)
steps = [
    (LOAD_WORD, 0, 0, 0),  # seccomp_data.nr
    (JUMP_IF_EQUAL, 0, 1, NUMBER_OF_BPF),
    (RETURN, 0, 0, REFUSE_WITH_EPERM),
    (RETURN, 0, 0, ALLOW),
]
filters = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filters", ctypes.c_void_p)]


program = Program(len(steps), ctypes.addressof(filters))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "prctl(PR_SET_SECCOMP)")
os.execvp(sys.argv[1], sys.argv[1:])
