"""Where a running platform keeps its sockets, and how many processes of it one data directory bears."""

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from counterpoint.i18n.complaint import Complaint

SOCKET_PATH_LIMIT = 107  # sockaddr_un.sun_path less its final zero, Linux
LONGEST_NAME = 40  # of a socket in the folder
SLOTS = 8
"""So many processes may share a data directory where the database lets them: roles, and the next version of each."""


def runtime_folder(data: Path, slot: int = 0) -> Path:
    """A folder for sockets, short enough for their addresses, that only this user can enter; another one for each of
    several processes on one data directory.

    Raises `Complaint` if somebody else holds its name.
    """
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    name = f"counterpoint-{os.getuid()}-{digest}" + (f"-{slot}" if slot else "")
    for base in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - checked below
        if (
            not base
            or len(base) + len(name) + 2 + LONGEST_NAME > SOCKET_PATH_LIMIT
            or not os.access(base, os.W_OK)
        ):
            continue
        folder = Path(base) / name
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if (
            not stat.S_ISDIR(found.st_mode)
            or found.st_uid != os.getuid()
            or stat.S_IMODE(found.st_mode) != 0o700
        ):
            raise Complaint("app.runtime_folder_taken", kind="conflict", path=folder)
        return folder
    raise Complaint("app.no_runtime_folder", kind="unavailable")


class InstanceLock:
    """Held as long as a process of the platform runs on a data directory; the kernel lets go when it ends.

    `most`: how many may run there side by side. `slot`: which of them this is, from zero; each has sockets of its own.
    """

    def __init__(self, data: Path, most: int = 1) -> None:
        """Raises `Complaint` if no other may run there."""
        for slot in range(most):
            file = _lock_file(data, slot).open("a+")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
                continue
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            self.slot = slot
            self._file = file
            return
        pid = next(iter(running_processes(data).values()), 0) or "?"
        raise Complaint("app.already_running", kind="conflict", data=data, pid=pid)

    def release(self) -> None:
        """Another may start."""
        self._file.close()


def _lock_file(data: Path, slot: int) -> Path:
    return data / (f"running-{slot}.lock" if slot else "running.lock")


def is_running(data: Path) -> bool:
    """Whether the platform, or a part of it, runs on that data directory."""
    return bool(running_processes(data))


def running_processes(data: Path) -> dict[int, int]:
    """The process of each slot in use on that data directory; 0 where it has just begun to run."""
    found = {}
    for slot in range(SLOTS):
        path = _lock_file(data, slot)
        if not path.exists():
            continue
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read().strip()
                found[slot] = int(text) if text.isdecimal() else 0
    return found
