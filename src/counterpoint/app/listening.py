"""The sockets that the platform listens on: its own, those that the init system opened for it, or those of the process
that it takes over from."""

import errno
import os
import socket
from collections.abc import MutableMapping, Sequence

from counterpoint.i18n.complaint import Complaint
from counterpoint.serving.server import bind, share

BACKLOG = 2048
_FIRST_GIVEN = 3
"""sd_listen_fds(3)."""


def given_sockets(environ: MutableMapping[str, str]) -> list[socket.socket]:
    """Those that the init system opened for this process, and no other (sd_listen_fds(3))."""
    count = environ.pop("LISTEN_FDS", "0")
    if environ.pop("LISTEN_PID", "") != str(os.getpid()) or not count.isdecimal():
        return []
    found = [socket.socket(fileno=number) for number in range(_FIRST_GIVEN, _FIRST_GIVEN + int(count))]
    for sock in found:
        os.set_inheritable(sock.fileno(), False)
        sock.setblocking(False)
    return found


def opened(host: str, port: int, option: str, count: int = 1) -> list[socket.socket]:
    """So many sockets at one address, each with a queue of its own. Raises `Complaint`, which names the option that
    changes the port."""
    try:
        first = bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            complaint = Complaint("app.port_taken", kind="conflict", host=host, port=port, option=option)
        else:  # no address of this machine, no such name, a port that only root may take
            reason = error.strerror or str(error)
            complaint = Complaint("app.cannot_listen", host=host, port=port, reason=reason)
        raise complaint from None
    first.listen(BACKLOG)  # whoever calls before the workers are there waits a moment
    return enough([first], count)


def enough(sockets: Sequence[socket.socket], count: int) -> list[socket.socket]:
    """These and as many more at their address as make `count`. Not where somebody else opened them: others cannot join
    an address that was not opened to be shared."""
    first = sockets[0]
    shared = first.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT)
    more = range(count - len(sockets)) if shared else ()
    host, port = first.getsockname()[:2]
    joined = [share(host, port) for _ in more]
    for sock in joined:
        sock.listen(BACKLOG)
    return [*sockets, *joined]


def url_of(scheme: str, address: tuple[str, int]) -> str:
    """How to reach an address that was bound: a browser cannot go to 0.0.0.0."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(address[0], address[0])  # noqa: S104 - it is compared
    return f"{scheme}://{f'[{host}]' if ':' in host and '[' not in host else host}:{address[1]}"


def told_to_others(scheme: str, address: tuple[str, int]) -> str:
    """How other machines reach it: by this machine's name where it listens on all of its addresses."""
    if address[0] in ("0.0.0.0", "::"):  # noqa: S104 - it is compared
        return f"{scheme}://{socket.gethostname()}:{address[1]}"
    return url_of(scheme, address)
