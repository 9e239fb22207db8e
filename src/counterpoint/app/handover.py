"""A process's private door for the commands of whoever started it: replace the workers, hand the listening sockets to
the next version, leave. One question for each connection, one line of JSON each way.

Sockets go as open files (SCM_RIGHTS, unix(7)): what waits in them to be accepted stays there, so no call is lost
between the last worker of one process and the first of the next.
"""

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from counterpoint.app.links import bind_private
from counterpoint.i18n.complaint import Complaint

log = logging.getLogger(__name__)

NAME = "door.sock"
ANSWER_SECONDS = 300.0
_MOST_SOCKETS = 128
_LINE = 4096

Act = Callable[[], Awaitable[None]]


class Door:
    """Listens in `folder`. `acts`: what is done at which word. `sockets`: what is handed out at `sockets`, by what they
    are for."""

    def __init__(
        self, folder: Path, acts: Mapping[str, Act], sockets: Mapping[str, Sequence[socket.socket]]
    ) -> None:
        self._acts = acts
        self._sockets = sockets
        self._door = bind_private(folder / NAME)
        self._door.listen(8)
        self._door.setblocking(False)
        self._tasks: set[asyncio.Task[None]] = set()
        self._opening = asyncio.create_task(self._open())

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            guest, _ = await loop.sock_accept(self._door)
            task = asyncio.create_task(self._answer(guest))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, guest: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with guest:
            word = (await loop.sock_recv(guest, _LINE)).decode("ascii", "replace").strip()
            try:
                if word == "sockets":
                    self._hand_out(guest)
                    return
                await self._acts[word]()
                said = {"done": word}
            except KeyError:
                said = {"refused": word}
            except Exception as error:
                log.exception("%s could not be done", word)
                said = {"failed": f"{type(error).__name__}: {error}"}
            with contextlib.suppress(OSError):  # whoever asked has left
                await loop.sock_sendall(guest, json.dumps(said).encode() + b"\n")

    def _hand_out(self, guest: socket.socket) -> None:
        said = json.dumps({name: len(given) for name, given in self._sockets.items()}).encode()
        files = [sock.fileno() for given in self._sockets.values() for sock in given]
        socket.send_fds(guest, [said + b"\n"], files)

    def close(self) -> None:
        """Nobody is answered any more."""
        self._opening.cancel()
        self._door.close()


def ask(folder: Path, word: str) -> None:
    """Have the process whose folder that is do something, and wait until it is done. Raises `Complaint`."""
    with _asked(folder, word) as door:
        line = b""
        while not line.endswith(b"\n") and (piece := door.recv(_LINE)):
            line += piece
    said = json.loads(line or b"{}")
    if "done" not in said:
        reason = said.get("failed") or "-"
        raise Complaint("app.door.not_done", kind="unavailable", word=word, reason=reason)


def take_sockets(folder: Path) -> dict[str, list[socket.socket]]:
    """The listening sockets of the process whose folder that is; it goes on with them, too. Raises `Complaint`."""
    with _asked(folder, "sockets") as door:
        line, files, _, _ = socket.recv_fds(door, _LINE, _MOST_SOCKETS)
    counts: dict[str, int] = json.loads(line or b"{}")
    rest = iter(files)
    return {name: [socket.socket(fileno=next(rest)) for _ in range(count)] for name, count in counts.items()}


def _asked(folder: Path, word: str) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.settimeout(ANSWER_SECONDS)
    try:
        door.connect(str(folder / NAME))
        door.sendall(word.encode() + b"\n")
    except OSError as error:
        door.close()
        raise Complaint("app.door.closed", kind="not_found", folder=folder) from error
    return door
