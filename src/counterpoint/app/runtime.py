"""Where a running platform keeps its sockets, and how two of them are kept off one data directory."""

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from counterpoint.i18n.complaint import Complaint

SOCKET_PATH_LIMIT = 107  # sockaddr_un.sun_path less its final zero, Linux
LONGEST_NAME = 40  # of a socket in the folder


def runtime_folder(data: Path) -> Path:
    """A folder for sockets, short enough for their addresses, that only this user can enter.

    Raises `Complaint` if somebody else holds its name.
    """
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
    name = f"counterpoint-{os.getuid()}-{digest}"
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
    """Held as long as a platform runs on a data directory; the kernel lets go when the process ends."""

    def __init__(self, data: Path) -> None:
        """Raises `Complaint` if another platform runs there."""
        self._file = (data / "running.lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            pid = self._file.read().strip() or "?"
            self._file.close()
            raise Complaint("app.already_running", kind="conflict", data=data, pid=pid) from None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Another may start."""
        self._file.close()


def is_running(data: Path) -> bool:
    """Whether a platform runs on that data directory."""
    path = data / "running.lock"
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
