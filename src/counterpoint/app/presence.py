"""Says in the database that this process lives, what it does and where it answers; and knows who else does."""

import asyncio
import logging
import os
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from counterpoint import __version__
from counterpoint.app.runtime import running_processes
from counterpoint.canonical.ids import new_id
from counterpoint.control.claiming import Claims
from counterpoint.storage import processes
from counterpoint.storage.clock import now_micros
from counterpoint.storage.database import Database
from counterpoint.storage.migrate import newest_revision, revision_of
from counterpoint.storage.processes import ProcessRow

log = logging.getLogger(__name__)

SIGN_SECONDS = 5.0


class Presence:
    """This process among all that work on its database. `others`: those that lived at the last sign."""

    def __init__(self, database: Database, roles: tuple[str, ...]) -> None:
        self._database = database
        self.row = ProcessRow(
            id=new_id(),
            roles=roles,
            host=socket.gethostname(),
            pid=os.getpid(),
            version=__version__,
            schema=newest_revision(),
            addresses={},
            started_at=now_micros(),
            seen_at=0,
        )
        self.claims = Claims(database, self.row.id)
        self.living: tuple[ProcessRow, ...] = ()
        self.held: Mapping[str, str] = {}
        self._outdated = False

    def says(self, **addresses: str) -> None:
        """Where something answers, from the next sign on."""
        self.row = ProcessRow(
            **{name: getattr(self.row, name) for name in ProcessRow.__struct_fields__ if name != "addresses"},
            addresses={**self.row.addresses, **addresses},
        )

    def sign(self) -> None:
        """One sign of life, and a look at the others. Waits for the database."""
        with self._database.write() as connection:
            processes.sign(connection, self.row)
            self.living = tuple(processes.listed(connection, living=True))
            self.held = processes.held(connection)
            schema = revision_of(connection)
        if schema is not None and schema > self.row.schema and not self._outdated:
            self._outdated = True
            log.warning(
                "a newer version has brought the database to %s; this process, which knows it up to %s, goes on "
                "serving and is to be replaced",
                schema,
                self.row.schema,
            )

    async def stay(self) -> None:
        """Sign for ever."""
        while True:
            await asyncio.sleep(SIGN_SECONDS)
            try:
                await asyncio.to_thread(self.sign)
            except Exception:
                log.exception("no sign of life could be given; tried again")

    def leave(self) -> None:
        """This process ends in order."""
        try:
            with self._database.write() as connection:
                processes.leave(connection, self.row.id)
        except Exception:
            log.exception("the database could not be told that this process ends; it will notice")

    def gateway(self) -> str:
        """The address of a gateway: of one on this machine rather than of another; empty when there is none."""
        return gateway_among(self.living, self.row.host, self.row.id)


def gateway_among(living: Iterable[ProcessRow], host: str, own: str = "") -> str:
    """The address of one's own gateway, else of one on this host, else of the one that has been there longest; empty
    when there is none."""
    found = [row for row in living if row.addresses.get("gateway")]
    found.sort(key=lambda row: (row.id != own, row.host != host, row.started_at))
    return found[0].addresses["gateway"] if found else ""


def running_address(database: Database, data: Path, what: str, *, here: bool = False) -> str:
    """Where `gateway` or `studio` answers, for a command of this data directory: in a process that runs on it, else on
    this host, else on another that shares the database. Empty where none has signed. Changes nothing. `here`: only on
    this host, and as it is called here: by its name the admin port need not let in anybody."""
    host, own = socket.gethostname(), set(running_processes(data).values())
    with database.read() as connection:
        found = [row for row in processes.listed(connection, living=True) if row.addresses.get(what)]
    if database.is_sqlite:  # all of them are of this machine, and what was killed is among them for a while
        found = [row for row in found if row.pid in own or _lives(row.pid)]
    # Of two on this directory the later has taken over from the other.
    found.sort(key=lambda row: (row.host != host or row.pid not in own, row.host != host, -row.started_at))
    if here:
        found = [row for row in found if row.host == host]
    address = found[0].addresses[what] if found else ""
    return address.replace(f"://{host}:", "://127.0.0.1:") if here else address


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        return True
    return True
