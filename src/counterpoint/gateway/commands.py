"""What an exchange wants done. The driver alone does it."""

from typing import Literal

import msgspec

from counterpoint.canonical import ChatRequest, EmbedRequest
from counterpoint.directory import Host
from counterpoint.ledger import Entry

Headers = tuple[tuple[bytes, bytes], ...]


Operation = Literal["chat", "embed", "count_tokens"]


class LookUpKey(msgspec.Struct, frozen=True):
    """Ask whether a key unknown to the directory exists after all."""

    digest: bytes


class OpenUpstream(msgspec.Struct, frozen=True):
    """Send `body` to `host` at `path`, with `headers` besides the host's own. `media_type`: of a body that is not
    JSON, or whose answer may be anything."""

    host: Host
    path: str
    headers: Headers
    body: bytes
    media_type: bytes = b""


class OpenEngine(msgspec.Struct, frozen=True):
    """Ask a local model."""

    model: str
    operation: Operation
    request: ChatRequest | EmbedRequest
    keep_alive: float | None


class Cancel(msgspec.Struct, frozen=True):
    """Drop the attempt under way."""


class Respond(msgspec.Struct, frozen=True):
    """The whole answer at once."""

    status: int
    headers: Headers
    body: bytes


class RespondHead(msgspec.Struct, frozen=True):
    """The head of a streamed answer."""

    status: int
    headers: Headers


class RespondBytes(msgspec.Struct, frozen=True):
    """More of a streamed answer."""

    data: bytes


class RespondEnd(msgspec.Struct, frozen=True):
    """The end of a streamed answer, after `data`."""

    data: bytes = b""


class BreakOff(msgspec.Struct, frozen=True):
    """End a streamed answer so that nobody takes it for whole."""


class Settle(msgspec.Struct, frozen=True):
    """Write the ledger entry. Always before the answer's last byte."""

    entry: Entry


Command = (
    LookUpKey
    | OpenUpstream
    | OpenEngine
    | Cancel
    | Respond
    | RespondHead
    | RespondBytes
    | RespondEnd
    | BreakOff
    | Settle
)
