"""The answer of a relayed operation on its way to the caller: JSON, an event stream, or bytes of any kind.

Which of these it is, only the host's own head says. JSON is gathered, so that its usage and cost stand in the headers;
events and bytes go on as they come.
"""

from collections.abc import Mapping

from counterpoint.canonical import Failure, FailureKind, FinishReason, Loss, Refused, StreamEvent, Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import ChatDialect, Meter
from counterpoint.dialects.jsonio import not_an_answer
from counterpoint.gateway.answers import WHOLE_LIMIT
from counterpoint.i18n import say
from counterpoint.wire import FrameTooLong, SseCutter, frame_of


class Passed:
    """`dialect` renders what goes wrong in the middle of an event stream; bytes have no words for it and break off."""

    finish: FinishReason | None = None
    losses: tuple[Loss, ...] = ()
    said = 0

    def __init__(self, meter: Meter, dialect: ChatDialect) -> None:
        self.streamed = False
        self.begun = False
        self._answered = False
        self.failure: Failure | None = None
        self._meter = meter
        self._dialect = dialect
        self._cutter: SseCutter | None = None
        self._media_type = "application/json"
        self._pieces: list[bytes] = []
        self._size = 0

    @property
    def usage(self) -> Usage:
        """What is known so far. What the request alone says counts once the host has begun to answer."""
        return self._meter.usage if self._answered else UNREPORTED

    @property
    def unit(self) -> str:
        """As the meter has it."""
        return self._meter.unit

    @property
    def complete(self) -> bool:
        """Whether a stream said so itself."""
        return self._meter.complete

    @property
    def media_type(self) -> bytes:
        """What the caller is told that the answer is."""
        return (self._meter.media_type or self._media_type).encode("latin-1", "replace")

    @property
    def breaks(self) -> bool:
        """Whether an answer that has begun can only be broken off when it fails."""
        return self.streamed and self._cutter is None

    def head(self, headers: Mapping[str, str]) -> None:
        """The host begins to answer."""
        self._answered = True
        self._media_type = headers.get("content-type", "application/json")
        kind = self._media_type.partition(";")[0].strip().lower()
        self.streamed = not (kind == "application/json" or kind.endswith("+json"))
        if kind == "text/event-stream":
            self._cutter = SseCutter()

    def data(self, data: bytes) -> bytes:
        """Upstream bytes in, bytes for the caller out."""
        if not self.streamed:
            return self._gather(data)
        if self._cutter is None:
            self.begun = True
            return data
        try:
            for raw in self._cutter.feed(data):
                self._read(raw)
        except FrameTooLong:
            self.failure = not_an_answer("dialects.upstream.too_long").failure
        return data

    def _gather(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > WHOLE_LIMIT:
            message = say("gateway.answer_too_large", lang="en", limit=WHOLE_LIMIT)
            code = "answer_too_large"
            self.failure = Failure(FailureKind.upstream_error, message, code=code, from_upstream=True)
        else:
            self._pieces.append(data)
        return b""

    def _read(self, raw: bytes) -> None:
        frame = frame_of(raw)
        if frame is not None:
            self.failure = self.failure or self._meter.event(frame.data)
            self.begun = True

    def event(self, event: StreamEvent) -> bytes:
        """No engine answers such calls."""
        raise TypeError(f"a relayed answer takes bytes, not {type(event).__name__}")

    def end(self) -> bytes:
        """The upstream is done: the last bytes for the caller (for a whole answer, all of them)."""
        if not self.streamed:
            try:
                return self._meter.whole(b"".join(self._pieces))
            except Refused as refused:
                self.failure = refused.failure
        elif self._cutter is not None:
            self._read(self._cutter.close())
            if not self._meter.ended and self.failure is None:
                self.failure = not_an_answer("dialects.upstream.cut").failure
                return self._dialect.encode_stream_error(self.failure, "") if self.begun else b""
        return b""
