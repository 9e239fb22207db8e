"""Ask a host to forget an answer that it keeps: what a client deletes here is not to stay there."""

import logging
from collections.abc import Mapping

import msgspec

from counterpoint.directory import Host
from counterpoint.gateway.driver import Plant

log = logging.getLogger(__name__)

_MADE_FOR = b"POST "
SECONDS = 30.0
"""No host needs longer to forget; `cancel` does nothing to what has ended."""


class Forgetting:
    """One such call, made without waiting for it: the client has his answer. A failure is in the log alone."""

    def __init__(self, host: str) -> None:
        self._host = host

    def upstream_head(self, status: int, headers: Mapping[str, str]) -> None:
        """The host has forgotten it, or has not."""
        if not (200 <= status < 300 or status == 404):
            log.warning("the host %s did not forget an answer that was deleted here: %d", self._host, status)

    def upstream_data(self, data: bytes) -> None:
        """What it says to that."""

    def upstream_end(self) -> None:
        """It has said it."""

    def upstream_lost(self, reason: str, *, connecting: bool) -> None:
        """It could not be reached."""
        log.warning("the host %s did not forget an answer that was deleted here: %s", self._host, reason)


def forget(plant: Plant, host: Host, dialect: str, id_: str) -> None:
    """Ask `host`, which was spoken to in `dialect`, to delete the answer `id_`."""
    path = host.dialects.get(dialect)
    if path is None:
        return
    if dialect in host.variants:
        host = msgspec.structs.replace(host, headers=host.variants[dialect])
    origin, head = plant.head(host, f"{path}/{id_}")
    payload = b"DELETE %scontent-length: 0\r\n\r\n" % head.removeprefix(_MADE_FOR)
    sending = plant.pool.send(origin, payload, Forgetting(host.name), host.connect_timeout)
    plant.loop.call_later(SECONDS, sending.cancel)
