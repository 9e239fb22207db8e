"""One recorded exchange, put through everything that we prove of a dialect, and the one word that it comes to.

An exchange is held against its own dialect (`counterpoint.testing.conformance`: request, answer, stream, error) and
then taken to every other dialect that serves the same operation: its request there and back
(`counterpoint.testing.crossing`), its answer there, read again as a client would (`counterpoint.testing.substance`).

`exact`: its own dialect carries it and no other loses anything. `lossy`: some other dialect cannot say all of it, and
every difference was declared, or refuses it aloud. `refused`: nothing was translated, aloud: a dialect that is not
spoken here, a body that is not of its dialect, a recording that holds neither request nor answer. `failed`: something
changed that nobody declared, or the proof could not be ended.
"""

import base64
import json
import math
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal

import msgspec

from counterpoint.canonical import ChatRequest, Embedding, EmbedResponse, ErrorEvent, Loss, Refused, fold
from counterpoint.dialects.base import ChatDialect, Target, WholeDialect
from counterpoint.dialects.registry import CHAT, WHOLE
from counterpoint.testing import deducing
from counterpoint.testing.conformance import (
    APART,
    ELSEWHERE,
    FILED,
    NotHeld,
    Proof,
    chat_proofs,
    decoded_stream,
    embed_proofs,
)
from counterpoint.testing.crossing import JOURNEYS, Journey, cross
from counterpoint.testing.recordings import Recording
from counterpoint.testing.relaying import relayed_dialect, relayed_proofs
from counterpoint.testing.remembering import remembering_dialect, remembering_proofs
from counterpoint.testing.storing import shelf_dialect, shelf_proofs
from counterpoint.testing.substance import changes, substance

Bucket = Literal["exact", "lossy", "refused", "failed"]
BUCKETS: tuple[Bucket, ...] = ("exact", "lossy", "refused", "failed")
_GRAVEST = {bucket: rank for rank, bucket in enumerate(BUCKETS)}


class Crossed(msgspec.Struct, frozen=True):
    """What one other dialect made of an exchange. `codes`: of the losses that it declared."""

    bucket: Bucket
    codes: tuple[str, ...] = ()
    reason: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one exchange. `filed`: the dialect's name in the index, or as it was deduced; `dialect`: ours
    that speaks it, `None` where none does. `crossed`: by the name of the other dialect."""

    file: str
    interaction: int
    filed: str
    dialect: str | None
    bucket: Bucket
    codes: tuple[str, ...] = ()
    reason: str = ""
    crossed: Mapping[str, Crossed] = {}


def speaks(filed: str) -> str | None:
    """The dialect of ours that recordings with that name in the index are of."""
    for dialect, names in (*FILED.items(), *_COUNTED.items(), *_OF_HOSTS.items()):
        if filed in names:
            return dialect if dialect in CHAT or _whole(dialect) is not None else None
    return filed if filed in CHAT or _whole(filed) is not None else None


_COUNTED: Mapping[str, tuple[str, ...]] = {
    "anthropic-messages": ("anthropic-count-tokens",),
    "bedrock-converse": ("bedrock-count-tokens",),
}
"""Names under which calls are filed that ask only how many tokens a request of that dialect has."""

_OF_HOSTS: Mapping[str, tuple[str, ...]] = {"openai-chat": ("writer-native",)}
"""Names of hosts under which calls are filed that are of a dialect of ours, at a path of the host's own."""
_ABOUT_MODELS = frozenset({"ollama-other"})
"""Names under which questions about a model are filed, which no model answers."""


def _whole(name: str) -> WholeDialect[Any, Any] | None:
    return next((dialects[name] for dialects in WHOLE.values() if name in dialects), None)


def outcome(recording: Recording) -> Outcome:
    """Never raises: what goes wrong is what it tells."""
    filed = recording.dialect
    dialect = told_apart(recording, speaks(filed))
    passing = relayed_dialect(recording) if dialect is None else None
    if passing is not None:
        proven = _alone(relayed_proofs(passing, recording))
        return _outcome(recording, filed, passing.name, proven, {})
    shelf = shelf_dialect(recording) if dialect is None else None
    if shelf is not None:
        return _outcome(recording, filed, shelf.name, _alone(shelf_proofs(shelf, recording)), {})
    state = remembering_dialect(recording) if dialect is None else None
    if state is not None:
        return _outcome(recording, filed, state.name, _alone(remembering_proofs(state, recording)), {})
    if dialect is None:
        asked = recording.request_body.strip() and filed not in {"non-llm", *_ABOUT_MODELS}
        reason = UNSPOKEN if asked else NO_MODEL
        return _outcome(recording, filed, None, Crossed("refused", reason=reason), {})
    own, held = _in_own(recording, dialect)
    if own.bucket in {"refused", "failed"}:
        other = speaks(deducing.by_answer(recording.response_body) or "")
        if other is not None and other != dialect:
            again, held_again = _in_own(recording, other)
            if again.bucket == "exact":
                own, held, dialect = again, held_again, other
    crossed = dict(_abroad(recording, dialect)) if own.bucket == "exact" and held else {}
    return _outcome(recording, filed, dialect, _gravest(own, crossed), crossed)


UNSPOKEN = "no dialect of ours"
"""Why an exchange in an API that is not spoken here is refused."""
NO_MODEL = "no call to a model"
"""Why what a program fetched beside is: a picture, a token, its own telemetry."""


def told_apart(recording: Recording, dialect: str | None) -> str | None:
    """The dialect that it is of, where others are filed with `dialect` at the same address."""
    for word, name in APART.get(dialect or "", {}).items():
        if word in recording.endpoint and _whole(name) is not None:
            return name
    return dialect


def _outcome(
    recording: Recording,
    filed: str,
    dialect: str | None,
    result: Crossed,
    crossed: Mapping[str, Crossed],
) -> Outcome:
    return Outcome(
        file=recording.file,
        interaction=recording.interaction,
        filed=filed,
        dialect=dialect,
        bucket=result.bucket,
        codes=result.codes,
        reason=result.reason,
        crossed=crossed,
    )


def _gravest(own: Crossed, crossed: Mapping[str, Crossed]) -> Crossed:
    """The one word. What some dialect refuses aloud is lost to it; what every one refuses is refused."""
    if own.bucket != "exact":
        return own
    failed = [f"{name}: {each.reason}" for name, each in crossed.items() if each.bucket == "failed"]
    if failed:
        return Crossed("failed", reason="; ".join(failed))
    refused = {name: each for name, each in crossed.items() if each.bucket == "refused"}
    codes = {code for each in crossed.values() for code in each.codes} | {
        f"refused.{name}" for name in refused
    }
    if crossed and len(refused) == len(crossed):
        return Crossed("refused", reason=next(iter(refused.values())).reason)
    return Crossed("lossy" if codes else "exact", tuple(sorted(codes)))


def guarded(proof: Callable[[], str]) -> Crossed | None:
    """What a proof that gives its fault comes to; `None`: the recording lacks what it needs."""
    try:
        fault = proof()
    except NotHeld:
        return None
    except Refused as refused:
        return Crossed("refused", reason=_told(refused))
    except RecursionError:
        return Crossed("failed", reason="it is nested too deep")
    except Exception as error:  # noqa: BLE001 - any body at all must end in a verdict
        return Crossed("failed", reason=f"{type(error).__name__}: {str(error)[:200]}")
    return Crossed("failed", reason=fault) if fault else Crossed("exact")


def _told(refused: Refused) -> str:
    failure = refused.failure
    return f"{failure.param}: {failure.message}" if failure.param else failure.message


# In its own dialect


def _in_own(recording: Recording, name: str) -> tuple[Crossed, bool]:
    """What its own dialect makes of it, and whether anything could be proven at all."""
    chat, whole = CHAT.get(name), _whole(name)
    counted = is_count(recording)
    if chat is not None:
        proofs = chat_proofs(chat, recording)
    elif whole is not None:
        proofs = embed_proofs(whole, recording)
    else:
        raise KeyError(name)
    results: list[Crossed] = []
    for proof, hold in proofs:
        if proof == "request" and not recording.request_body.strip():
            continue
        result = guarded(_counts(recording) if counted and proof == "answer" else hold)
        if result is None:
            continue
        if result.bucket != "exact":
            if result.bucket == "refused" and proof == "request" and recording.status >= 400:
                continue  # its host refused it as well, and what it said of that is proven
            return msgspec.structs.replace(result, reason=f"{proof}: {result.reason}"), True
        results.append(result)
    if not results:
        return Crossed("refused", reason="it holds neither a request nor an answer"), False
    return results[0], True


def _alone(proofs: Iterable[tuple[Proof, Callable[[], str]]]) -> Crossed:
    """What is never translated has only its own dialect to prove itself in."""
    held = [result for _, hold in proofs if (result := guarded(hold)) is not None]
    worse = (result for result in held if result.bucket != "exact")
    nothing = Crossed("refused", reason="it holds neither a request nor an answer")
    return next(worse, held[0] if held else nothing)


def is_count(recording: Recording) -> bool:
    """Whether only a number of tokens was asked for."""
    ends = (*ELSEWHERE, "count_tokens", "count-tokens", ":countTokens")
    return recording.dialect.endswith("count-tokens") or recording.endpoint.partition("?")[0].endswith(ends)


def _counts(recording: Recording) -> Callable[[], str]:
    def hold() -> str:
        if not recording.response_body.strip():
            raise NotHeld("the recording holds no answer")
        value = json.loads(recording.response_body)
        return "" if type(value) is dict and "error" not in value else "it is no count of tokens"

    return hold


# Abroad


def _abroad(recording: Recording, home: str) -> Iterator[tuple[str, Crossed]]:
    chat, whole = CHAT.get(home), _whole(home)
    if chat is not None:
        for name, abroad in CHAT.items():
            if abroad is not chat:
                yield name, _crossed(recording, chat, abroad)
    elif whole is not None:
        for name, other in WHOLE[whole.operation].items():
            if other is not whole:
                yield name, _crossed_whole(recording, whole, other)


def _crossed(recording: Recording, home: ChatDialect, abroad: ChatDialect) -> Crossed:
    """The request there and back, then the answer there."""
    codes: set[str] = set()
    asked: ChatRequest | None = None
    if recording.request_body.strip():
        with suppress(Refused):  # as its host did, else the proof of its own dialect would have said so
            asked = home.decode_request(recording.request_body)
    if asked is not None:
        try:
            abroad.encode_request(asked, journey(home.name, abroad.name).there, home.name)
        except Refused as refused:
            return Crossed("refused", reason=_told(refused))
        except Exception as error:  # noqa: BLE001 - any body at all must end in a verdict
            return Crossed("failed", reason=f"request: {type(error).__name__}: {str(error)[:200]}")
        gone = guarded(lambda: _request_fault(recording, home, abroad, codes))
        if gone is not None and gone.bucket != "exact":
            return Crossed("failed", reason=f"request: {gone.reason}")
    if is_count(recording):
        codes.add("count_tokens.estimated")
    elif recording.response_body.strip():
        came = guarded(lambda: _answer_fault(recording, home, abroad, asked, codes))
        if came is not None and came.bucket != "exact":
            return msgspec.structs.replace(came, reason=f"answer: {came.reason}")
    return Crossed("lossy" if codes else "exact", tuple(sorted(codes)))


def journey(home: str, abroad: str) -> Journey:
    """The targets of a crossing: as the journeys say, else as they say of either end."""
    for planned in JOURNEYS:
        if (planned.home, planned.abroad) == (home, abroad):
            return planned
    there = next((each.there for each in JOURNEYS if each.abroad == abroad), Target("model"))
    back = next((each.back for each in JOURNEYS if each.home == home), frozenset[str]())
    return Journey(home, abroad, there, back)


def _request_fault(recording: Recording, home: ChatDialect, abroad: ChatDialect, codes: set[str]) -> str:
    body = recording.request_body
    plan = journey(home.name, abroad.name)
    model = json.loads(body).get("model") or recording.model or ""
    crossing = cross(body, home, abroad, plan.there, Target(model, quirks=plan.back))
    codes.update(loss.code for loss in crossing.losses)
    if not crossing.silent:
        return ""
    first = crossing.silent[0]
    more = f", and {len(crossing.silent) - 1} more" if len(crossing.silent) > 1 else ""
    return f"undeclared: {first.path} {first.kind}{more}"


def _answer_fault(
    recording: Recording, home: ChatDialect, abroad: ChatDialect, asked: ChatRequest | None, codes: set[str]
) -> str:
    body = recording.response_body
    if recording.status >= 400:
        failure = home.decode_error(recording.status, recording.response_headers, body)
        reply = abroad.encode_error(failure, "req")
        again = abroad.decode_error(reply.status, {}, reply.body)
        return "" if again.message == failure.message else "the failure's message is another"
    losses: tuple[Loss, ...]
    if is_stream(recording):
        events = decoded_stream(home.stream_decoder(), [body])
        encoder = abroad.stream_encoder("model", include_usage=True, asked=asked)
        written = b"".join([*map(encoder.encode, events), encoder.close()])
        read = decoded_stream(abroad.stream_decoder(), [written])
        if isinstance(events[-1], ErrorEvent):
            return "" if isinstance(read[-1], ErrorEvent) else "a failure is taken for an answer"
        before, after, losses = fold(events), fold(read), encoder.losses
    else:
        try:
            before = home.decode_response(body)
        except Refused:
            return ""  # it tells of a failure, as the proof of its own dialect has found
        encoded = abroad.encode_response(before, home.name, asked)
        after, losses = _reread(abroad.decode_response, encoded.body), encoded.losses
    codes.update(loss.code for loss in losses)
    changed = list(changes(substance(before), substance(after), losses))
    return f"undeclared: {', '.join(changed)}" if changed else ""


def _reread(decode: Callable[[bytes], Any], written: bytes) -> Any:
    """What was written in a dialect, read in it again; that it refuses its own words is a fault."""
    try:
        return decode(written)
    except Refused as refused:
        raise ValueError(f"it does not read its own words: {_told(refused)}") from refused


_STREAM_BEGINNINGS = (b"data:", b"event:", b":")


def is_stream(recording: Recording) -> bool:
    """As the proofs of its own dialect see it."""
    return recording.stream or recording.response_body.startswith(_STREAM_BEGINNINGS)


def _crossed_whole(
    recording: Recording, home: WholeDialect[Any, Any], abroad: WholeDialect[Any, Any]
) -> Crossed:
    """The request there and back, and the answer, as values; what they lose must be declared."""
    codes: set[str] = set()

    def hold() -> str:
        asked = None
        if recording.request_body.strip():
            asked = home.decode_request(recording.request_body)
            there = abroad.encode_request(asked, Target(asked.model or recording.model or "model"), home.name)
            codes.update(loss.code for loss in there.losses)
            changed = _changed(asked, _reread(abroad.decode_request, there.body), there.losses)
            if changed:
                return f"request: undeclared: {changed}"
        if recording.response_body.strip() and recording.status < 400:
            answer = _floats(home.decode_response(recording.response_body))
            shown = abroad.encode_response(answer, home.name, asked)
            codes.update(loss.code for loss in shown.losses)
            changed = _changed(answer, _reread(abroad.decode_response, shown.body), shown.losses)
            if changed:
                return f"answer: undeclared: {changed}"
        return ""

    result = guarded(hold)
    if result is not None and result.bucket != "exact":
        return result
    return Crossed("lossy" if codes else "exact", tuple(sorted(codes)))


def _floats(answer: Any) -> Any:
    """Vectors as numbers: a caller of another API never asks for the packed form that only some have."""
    if not isinstance(answer, EmbedResponse):
        return answer
    return msgspec.structs.replace(answer, data=tuple(map(_unpacked, answer.data)))


def _unpacked(each: Embedding) -> Embedding:
    if not isinstance(each.vector, str):
        return each
    raw = base64.b64decode(each.vector)
    numbers: tuple[float, ...] = struct.unpack(f"<{len(raw) // 4}f", raw[: len(raw) // 4 * 4])
    if not all(map(math.isfinite, numbers)):  # small integers, as some models give them
        numbers = struct.unpack(f"{len(raw)}b", raw)
    return Embedding(each.index, numbers)


_LABELS = {"extensions", "id", "created", "raw", "model", "usage", "encoding"}
"""Fields that each API writes in its own way, or leaves to its host; usage is compared by its totals."""


def _changed(before: Any, after: Any, losses: tuple[Loss, ...]) -> str:
    """Fields that are not as they were, where no loss was declared."""
    if losses:
        return ""
    names = [name for name in before.__struct_fields__ if name not in _LABELS]
    return ", ".join(name for name in names if not _alike(getattr(before, name), getattr(after, name)))


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same but for labels; numbers as exact as they are written."""
    if isinstance(one, float | int) and isinstance(other, float | int):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-6)
    if isinstance(one, msgspec.Struct) and type(one) is type(other):
        names = [name for name in one.__struct_fields__ if name not in _LABELS]
        return all(_alike(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)
