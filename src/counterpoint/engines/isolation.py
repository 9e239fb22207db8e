"""Shut the process in before native code reads a stranger's file.

In order of preference: a network namespace of its own, in which not even loopback is up (the calls come through
a Unix socket or a pipe, which are files); where the system forbids that, a seccomp filter that lets no socket be
opened but Unix ones. Besides: it dies with its parent, gains no privileges, leaves no core dump, and is the first to go
when the machine runs out of memory. Local models and readers of documents are shut in so. Only the standard library,
through ctypes; see unshare(2), seccomp(2), prctl(2).
"""

import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from counterpoint.engines.frames import Isolation

CLONE_NEWUSER: Final = 0x10000000
CLONE_NEWNET: Final = 0x40000000
PR_SET_PDEATHSIG: Final = 1
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_MODE_FILTER: Final = 2
DATA_HEADROOM: Final = 512 * 1024 * 1024

# Audit architecture (linux/audit.h), number of socket(2), of io_uring_setup(2), which could open sockets too.
_CALLS: Final = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}


def die_with_parent(parent: int) -> None:
    """The kernel kills this process when the one with id `parent`, which started it, ends."""
    if _prctl(PR_SET_PDEATHSIG, signal.SIGKILL) and os.getppid() != parent:
        raise SystemExit("the process that started this one is gone")


def limit_resources(memory_limit: int | None) -> None:
    """No core dumps (they would hold prompts), first in line for the kernel's memory killer.

    `memory_limit` is what the process may occupy. It is enforced by watching the resident size, so that the
    model can be unloaded in order and say why: RLIMIT_AS would count the mapped weights twice, and neither it nor
    RLIMIT_DATA leaves native code a way to go on when an allocation fails. RLIMIT_DATA stands well above, for a
    growth too fast to be watched.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_limit is not None:
        ceiling = memory_limit + DATA_HEADROOM
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or ceiling < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    with suppress(OSError):  # not Linux, or a container that forbids it: a preference, not a protection
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


def leave_network() -> "Isolation":
    """Cut this process off from every network. Must run while it has one thread."""
    isolation: Isolation = "none"
    if _own_network():
        isolation = "namespace"
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    if isolation == "none" and _filter_sockets():
        isolation = "filter"
    return isolation


def _own_network() -> bool:
    if _unshare(CLONE_NEWNET):  # permitted to root: file permissions stay what they are
        return True
    uid, gid = os.geteuid(), os.getegid()
    if not _unshare(CLONE_NEWUSER | CLONE_NEWNET):
        return False
    # Map the user to itself, or files that this process creates would belong to nobody (user_namespaces(7)).
    own = Path("/proc/self")
    # Some systems forbid just this; who creates no files does not miss it.
    for name, told in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with suppress(OSError):
            (own / name).write_text(told, "ascii")
    return True


def _unshare(flags: int) -> bool:
    with suppress(AttributeError, OSError):  # not Linux
        return bool(ctypes.CDLL(None, use_errno=True).unshare(flags) == 0)
    return False


def _prctl(option: int, value: int, pointer: object = 0) -> bool:
    with suppress(AttributeError, OSError):  # not Linux
        call = ctypes.CDLL(None, use_errno=True).prctl
        return bool(call(option, ctypes.c_ulong(value), pointer, ctypes.c_ulong(0), ctypes.c_ulong(0)) == 0)
    return False


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _filter_sockets() -> bool:
    known = _CALLS.get(platform.machine())
    if known is None:
        return False
    code = _program(*known)
    instructions = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(instructions))
    return _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))


def _program(architecture: int, socket_call: int, uring_call: int) -> bytes:
    """The filter in classic BPF over `struct seccomp_data` (number at 0, architecture at 4, first argument's
    low half at 16 on these little-endian machines). Foreign architectures, and with them 32-bit calls, die."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    allow, kill, refuse = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EACCES
    steps = [
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        (at_least, 5, 0, 0x40000000),  # the x32 numbers of an x86_64 kernel
        (equal, 4, 0, uring_call),
        (equal, 0, 2, socket_call),
        (load, 0, 0, 16),
        (equal, 0, 1, socket.AF_UNIX),
        (answer, 0, 0, allow),
        (answer, 0, 0, refuse),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
