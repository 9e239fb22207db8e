"""What clients store with us and have worked off: files and batches, in no API's words, and what an API's words need.

Unlike calls of a model these are kept: a file until it is deleted or expires, a batch until its results are fetched.
Times are microseconds since the epoch, UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from counterpoint.dialects.base import Door

State = Literal["in_progress", "finalizing", "completed", "failed", "expired", "cancelling", "cancelled"]
ENDED: frozenset[State] = frozenset({"completed", "failed", "expired", "cancelled"})


class Upload(msgspec.Struct, frozen=True):
    """A file as it was sent: its bytes lie from `start` to `end` in the body. `lifetime`: seconds."""

    name: str
    media_type: str
    purpose: str
    start: int
    end: int
    lifetime: int | None = None


class StoredFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that is kept. `style`: the API that it came in by. `host`: who holds it, if not we ourselves; then
    `shown` is what that host says of it."""

    id: str
    style: str
    organisation: str
    project: str
    name: str
    media_type: str
    purpose: str
    size: int
    created: int
    expires: int | None = None
    host: str = ""
    shown: dict[str, Any] | None = None
    ours: bool = False
    """Whether we made it: the results of a batch."""


class Order(msgspec.Struct, frozen=True):
    """A batch that is asked for: what is to be done stands in the file `input`, or in `lines` themselves."""

    endpoint: str
    window: int
    input: str | None = None
    lines: bytes = b""
    metadata: dict[str, str] | None = None


class Line(msgspec.Struct, frozen=True):
    """One call of a batch. `fault`: why it is none."""

    id: str
    path: str = ""
    body: bytes = b""
    fault: str = ""


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a line: the answer to it with its status, or `ended`: it was not asked any more."""

    id: str
    status: int = 0
    body: msgspec.Raw = msgspec.Raw(b"null")
    request_id: str = ""
    ended: Literal["", "expired", "cancelled", "failed"] = ""


class Batch(msgspec.Struct, frozen=True, omit_defaults=True):
    """A batch under way or ended. `key`: the id of the key that it is worked off with, which is checked anew for every
    line. `host`: who works it off, if not we ourselves; then `shown` is what that host says of it."""

    id: str
    style: str
    organisation: str
    project: str
    key: str
    endpoint: str
    created: int
    expires: int
    state: State = "in_progress"
    input: str | None = None
    output: str | None = None
    errors: str | None = None
    finalizing: int | None = None
    cancelling: int | None = None
    ended: int | None = None
    total: int = 0
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    expired: int = 0
    metadata: dict[str, str] | None = None
    faults: tuple[tuple[int, str], ...] = ()
    headers: dict[str, str] = {}
    host: str = ""
    shown: dict[str, Any] | None = None


class ShelfDialect(Protocol):
    """Files and batches in one API's words. Errors are those of the chat dialect of the same family."""

    @property
    def name(self) -> str: ...

    @property
    def family(self) -> str: ...

    @property
    def doors(self) -> tuple[Door, ...]: ...

    @property
    def forwarded(self) -> tuple[str, ...]:
        """Headers (lower case) that belong to a call, a batch's lines included."""

    @property
    def file_prefix(self) -> str:
        """How its files' ids begin."""

    @property
    def batch_prefix(self) -> str:
        """How its batches' ids begin."""

    @property
    def cursors(self) -> tuple[str, str]:
        """The names of the parameters with which a list is asked for beyond, and before, an id."""

    @property
    def splits(self) -> bool:
        """Whether a batch's results become files, failures apart; else they are fetched as they are."""

    def upload(self, body: bytes, media_type: str) -> Upload:
        """Raises `Refused`."""

    def file(self, file: StoredFile) -> dict[str, Any]: ...

    def files(self, files: Sequence[dict[str, Any]], *, more: bool) -> bytes: ...

    def deleted(self, file: str) -> bytes: ...

    def order(self, body: bytes) -> Order:
        """Raises `Refused`."""

    def lines(self, content: bytes) -> Iterator[Line]:
        """The calls of a batch."""

    def result(self, result: Result) -> bytes:
        """One line of the results."""

    def batch(self, batch: Batch, address: str) -> dict[str, Any]:
        """`address`: of the gateway, for links."""

    def batches(self, batches: Sequence[dict[str, Any]], *, more: bool) -> bytes: ...

    def native(self, operation: str, shown: Mapping[str, Any]) -> tuple[str, ...]:
        """The ids of files that a host's own batch names as its results."""
