"""Proof on recorded exchanges that a relayed operation passes as it came, and that what it used is read.

*Request*: its model is found, and exchanged there and back it is the same bytes again. *Answer*: it passes whole, and
in any cut the same usage is read of it. *Error*: it is told as it was.
"""

from binascii import a2b_base64
from collections.abc import Callable, Iterator

from counterpoint.canonical.errors import Failure, Refused
from counterpoint.dialects.base import RelayedDialect, Target
from counterpoint.dialects.registry import CHAT, RELAYED
from counterpoint.gateway.passing import Passed
from counterpoint.testing.conformance import NotHeld, Proof, cuts, error_fault
from counterpoint.testing.recordings import Recording

_FILED = {
    "openai-images": "openai-images",
    "openai-audio": "openai-transcriptions",
    "openai-moderations": "openai-moderations",
}
"""Dialects by the index's name, for answers that were recorded without an address."""
_DASHES_IN_BASE64 = b"LS"
_LARGE = 100_000
"""Bytes of an answer that is no longer fed one by one."""


def relayed_dialect(recording: Recording) -> RelayedDialect | None:
    """The dialect by whose door this call would come in."""
    path = recording.endpoint.partition("?")[0]
    if not path:
        return RELAYED.get(_FILED.get(recording.dialect, ""))
    for dialect in RELAYED.values():
        for door in dialect.doors:
            if path.endswith(door.path.removeprefix("/v1")):
                return dialect
    return None


def relayed_proofs(
    dialect: RelayedDialect, recording: Recording
) -> Iterator[tuple[Proof, Callable[[], str]]]:
    """The proofs for one recording; each gives what is wrong, or nothing."""
    yield "request", lambda: request_fault(dialect, recording.request_body)
    if recording.status >= 400:
        yield "error", lambda: error_fault(CHAT[dialect.family], recording)
    else:
        yield "answer", lambda: answer_fault(dialect, recording)


def as_sent(body: bytes) -> bytes:
    """Some recorders write a form as base64 and do not say so."""
    if not body.startswith(_DASHES_IN_BASE64):
        return body
    try:
        sent = a2b_base64(body)
    except ValueError:
        return body
    return sent if sent.startswith(b"--") else body


def media_type_of(body: bytes) -> str:
    """The type of a request body whose head was not recorded."""
    if not body.startswith(b"--"):
        return "application/json"
    boundary = body[2:].partition(b"\r\n")[0].decode("latin-1")
    return f'multipart/form-data; boundary="{boundary}"'


def request_fault(dialect: RelayedDialect, body: bytes) -> str:
    """There and back again."""
    body = as_sent(body)
    if not body:
        raise NotHeld("the recording holds no request")
    kind = media_type_of(body)
    asked = dialect.peek(body, kind)
    if dialect.rewrite(body, kind, asked, Target(asked.model)) != body:
        return "rewritten for its own model it is changed"
    there = dialect.rewrite(body, kind, asked, Target("another/model"))
    found = dialect.peek(there, kind)
    if (found.model, found.stream) != ("another/model", asked.stream):
        return "rewritten, another model or stream is found"
    back = dialect.rewrite(there, kind, found, Target(asked.model))
    named = asked.model.encode() in body
    return "" if back == body or not named else "there and back it is changed"


def answer_fault(dialect: RelayedDialect, recording: Recording) -> str:
    """The same bytes out and the same usage read, whatever the cut."""
    body = recording.response_body
    if not body:
        raise NotHeld("the recording holds no answer")
    first = _passed(dialect, recording, [body])
    out = first.pop("out")
    failure = first["failure"]
    if isinstance(failure, Failure):
        if failure.raw is None:
            raise Refused(failure)
        return ""  # it tells of a failure, which was read
    if out != body and first["media_type"] == b"application/json":
        return "relayed, bytes are changed"
    every = list(cuts(body, recording.name))
    for pieces in every[1 if len(body) > _LARGE else 0 :]:
        again = _passed(dialect, recording, pieces)
        if again.pop("out") != out or again != first:
            return "another cut is read otherwise"
    return ""


def _passed(dialect: RelayedDialect, recording: Recording, pieces: list[bytes]) -> dict[str, object]:
    body = as_sent(recording.request_body) or b"{}"
    meter = dialect.meter(body, media_type_of(body), Target("model"))
    answer = Passed(meter, CHAT[dialect.family])
    kind = recording.response_headers.get("content-type")
    answer.head({"content-type": kind} if kind else {})
    out = b"".join([answer.data(piece) for piece in pieces]) + answer.end()
    return {
        "out": out,
        "usage": answer.usage,
        "unit": answer.unit,
        "failure": answer.failure,
        "media_type": answer.media_type.partition(b";")[0],
    }
