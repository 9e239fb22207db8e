"""What an exchange wants done. The driver alone does it."""

from typing import Literal

import msgspec

from counterpoint.canonical import ChatRequest, EmbedRequest
from counterpoint.directory import Host
from counterpoint.gateway.names import Candidate
from counterpoint.ledger import Entry
from counterpoint.limits import Hold, Wanted

Headers = tuple[tuple[bytes, bytes], ...]


Operation = Literal["chat", "embed", "count_tokens"]


class LookUpKey(msgspec.Struct, frozen=True, gc=False):
    """Ask whether a key unknown to the directory exists after all."""

    digest: bytes


class OpenUpstream(msgspec.Struct, frozen=True, gc=False):
    """Send `body` to `host` at `path`, with `headers` besides the host's own. `media_type`: of a body that is not
    JSON, or whose answer may be anything. `number`: of the try; whatever comes of it is told with that number.
    `connect`: seconds that a connection may take, if not the host's own."""

    host: Host
    path: str
    headers: Headers
    body: bytes
    media_type: bytes = b""
    number: int = 0
    connect: float | None = None


class OpenEngine(msgspec.Struct, frozen=True):
    """Ask a local model. `number`: as for a host."""

    model: str
    operation: Operation
    request: ChatRequest | EmbedRequest
    keep_alive: float | None
    number: int = 0


class Cancel(msgspec.Struct, frozen=True, gc=False):
    """Drop the try of that number."""

    number: int = 0


class Wake(msgspec.Struct, frozen=True, gc=False):
    """Call `timer` at that moment: it is too near for the sweep of every second."""

    at: float


class Reserve(msgspec.Struct, frozen=True, gc=False):
    """Hold what the exchange may come to at most; the answer is `reserved`."""

    wanted: Wanted


class Release(msgspec.Struct, frozen=True, gc=False):
    """Nothing came of what was held."""

    hold: Hold


class Shadow(msgspec.Struct, frozen=True):
    """Ask `candidate` the same, for nobody's eyes, beside this exchange."""

    candidate: Candidate


class Respond(msgspec.Struct, frozen=True, gc=False):
    """The whole answer at once."""

    status: int
    headers: Headers
    body: bytes


class RespondHead(msgspec.Struct, frozen=True, gc=False):
    """The head of a streamed answer."""

    status: int
    headers: Headers


class RespondBytes(msgspec.Struct, frozen=True, gc=False):
    """More of a streamed answer."""

    data: bytes


class RespondEnd(msgspec.Struct, frozen=True, gc=False):
    """The end of a streamed answer, after `data`."""

    data: bytes = b""


class BreakOff(msgspec.Struct, frozen=True, gc=False):
    """End a streamed answer so that nobody takes it for whole."""


class Settle(msgspec.Struct, frozen=True, gc=False):
    """Write a ledger entry. The exchange's own always comes before the answer's last byte, and with what was held for
    it, of which it took `taken`: the rest is free again."""

    entry: Entry
    hold: Hold | None = None
    taken: tuple[int, ...] = ()


Command = (
    LookUpKey
    | OpenUpstream
    | OpenEngine
    | Cancel
    | Wake
    | Reserve
    | Release
    | Shadow
    | Respond
    | RespondHead
    | RespondBytes
    | RespondEnd
    | BreakOff
    | Settle
)
