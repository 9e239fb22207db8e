"""Proof on recorded exchanges that a dialect is understood: each recording is put through it and judged.

Four proofs. *Request*: it decodes to canonical and encodes back to the same JSON. *Answer*: it decodes, encodes
to an answer that decodes to the same, and what the relay reads of it agrees. *Stream*: whole, byte by byte and
in random cuts it decodes to the same, the events keep to their grammar, and the relay passes every byte on and
reads the same. *Error*: any failing body gives a failure. `scripts/conformance_table.py` prints the results.
"""

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

import msgspec

from counterpoint.canonical import ErrorEvent, Failure, PartDelta, PartEnd, PartStart, StreamEvent, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import ChatDialect, Peek, StreamDecoder, Target, WholeDialect
from counterpoint.dialects.registry import CHAT, COUNTERS, EMBED, RERANK
from counterpoint.testing.recordings import Recording, answers, recordings
from counterpoint.testing.same import one_spelling

Proof = Literal["request", "answer", "stream", "error"]
PROOFS: tuple[Proof, ...] = ("request", "answer", "stream", "error")
RANDOM_CUTS = 3

ELSEWHERE = {
    "/input_tokens": "its answer is a count of tokens",
    "/count-tokens": "its answer is a count of tokens",
}
"""Endpoints, by their end, whose answers are no answers of their dialect."""

FILED: Mapping[str, tuple[str, ...]] = {
    "cohere-chat": ("cohere-v2-chat",),
    "cohere-rerank": ("cohere-rerank", "rerank-other"),
    "anthropic-messages": ("anthropic-messages", "anthropic-count-tokens"),
    "gemini-generate": ("gemini-generate", "gemini-stream", "gemini-count-tokens"),
    "bedrock-invoke": ("bedrock-invoke", "bedrock-invoke-stream"),
    "vertex-anthropic": ("vertex-anthropic", "vertex-anthropic-stream"),
    "bedrock-converse": ("bedrock-converse", "bedrock-converse-stream", "bedrock-count-tokens"),
}
"""Under which names the index holds recordings of a dialect, where it is not the dialect's own."""

APART: Mapping[str, Mapping[str, str]] = {
    "bedrock-invoke": {"embed": "bedrock-embed", "rerank": "it is a reranking, filed with conversations"},
}
"""Dialects that are filed with what others say at the same address: the word in the endpoint that tells them, and
which dialect it is, or why it is none."""

MISFILED: dict[str, str] = {
    "test_async_prompt_template.yaml": "it is a template's chat completion, filed under completions",
    "mistral-transcription.json": "it is a transcription, filed under chat",
    "cohere-embedding.json": "it is an answer with vectors, filed under chat",
    "-transcription-text.json": "it is a transcription, filed under chat",
    "-skill-create.json": "it is the answer to the creation of a skill, filed under messages",
    "azure-deepseek-reasoning.1.json": "it is an answer of chat completions, filed under responses",
    "azure-deepseek-reasoning.1.chunks.txt": "it is a stream of chat completions, filed under responses",
}
"""Recordings, by the end of their file's name, that are not of the dialect that the index says."""


class Verdict(msgspec.Struct, frozen=True):
    """One proof on one recording. `exception`: why it could not be held; `fault`: why it failed."""

    recording: str
    provider: str
    proof: Proof
    exception: str = ""
    fault: str = ""


class NotHeld(Exception):  # noqa: N818 - it says what happened, it is no defect
    """The recording lacks what the proof needs."""


def conformance(folder: Path, dialect: str) -> list[Verdict]:
    """Every verdict on the recordings of `dialect` in `folder`, answers recorded without requests included."""
    chat, embed = CHAT.get(dialect), EMBED.get(dialect) or RERANK.get(dialect)
    if chat is not None:
        return _judged(folder, dialect, lambda recording: chat_proofs(chat, recording))
    if embed is not None:
        return _judged(folder, dialect, lambda recording: embed_proofs(embed, recording))
    raise KeyError(dialect)


_COUNTS = (":countTokens", "/count_tokens")
_STREAM_BEGINNINGS = (b"data:", b"event:", b": ")
Proofs = Iterable[tuple[Proof, Callable[[], str]]]


def _judged(folder: Path, dialect: str, proofs: Callable[[Recording], Proofs]) -> list[Verdict]:
    verdicts: list[Verdict] = []
    filed = FILED.get(dialect, (dialect,))
    whole = itertools.chain.from_iterable(recordings(folder, name) for name in filed)
    lone = itertools.chain.from_iterable(answers(folder, name) for name in filed)
    for source, asked in ((whole, True), (lone, False)):
        for recording in source:
            for proof, hold in proofs(recording):
                if asked or proof != "request":
                    verdicts.append(_verdict(recording, proof, hold))
    return verdicts


def _verdict(recording: Recording, proof: Proof, hold: Callable[[], str]) -> Verdict:
    exception = next((why for end, why in MISFILED.items() if recording.file.endswith(end)), "")
    if proof == "answer":
        others = (why for end, why in ELSEWHERE.items() if recording.endpoint.endswith(end))
        exception = next(others, exception)
    fault = ""
    try:
        fault = "" if exception else hold()
    except NotHeld as reason:
        exception = str(reason)
    except Refused as refused:
        fault = f"refused: {refused.failure.message}"
    return Verdict(recording.name, recording.provider or "other", proof, exception, fault)


def chat_proofs(dialect: ChatDialect, recording: Recording) -> Iterator[tuple[Proof, Callable[[], str]]]:
    """The proofs for one recording of a chat dialect; each gives what is wrong, or nothing."""
    for word, name in APART.get(dialect.name, {}).items():
        if word in recording.endpoint and name in EMBED:
            yield from embed_proofs(EMBED[name], recording)
            return
        if word in recording.endpoint:
            yield "request", partial(_not_held, name)
            return
    yield "request", lambda: request_fault(dialect, recording.request_body, recording.status)
    if recording.status >= 400:
        yield "error", lambda: error_fault(dialect, recording)
    elif recording.endpoint.endswith(_COUNTS) and dialect.name in COUNTERS:
        yield "answer", lambda: count_fault(dialect, recording.response_body)
    elif recording.stream or recording.response_body.startswith(_STREAM_BEGINNINGS):
        yield "stream", lambda: stream_fault(dialect, recording.response_body, recording.name)
    else:
        yield "answer", lambda: answer_fault(dialect, recording.response_body)


def embed_proofs(
    dialect: WholeDialect[Any, Any], recording: Recording
) -> Iterator[tuple[Proof, Callable[[], str]]]:
    """The proofs for one recording of a dialect of embeddings or rerankings."""
    yield "request", lambda: embed_request_fault(dialect, recording.request_body)
    if recording.status >= 400:
        yield "error", lambda: error_fault(CHAT[dialect.family], recording)
    else:
        yield "answer", lambda: embed_answer_fault(dialect, recording.response_body)


def _not_held(why: str) -> str:
    raise NotHeld(why)


def _held(body: bytes, what: str) -> bytes:
    if not body.strip():
        raise NotHeld(f"the recording holds no {what}")
    return body


def request_fault(dialect: ChatDialect, body: bytes, status: int = 200) -> str:
    """To canonical and back, for the model it asked for. `status`: what the host itself said to it."""
    try:
        request = dialect.decode_request(_held(body, "request"))
    except Refused as refused:
        if status == refused.failure.http_status:
            raise NotHeld("its host refused it too") from refused
        raise
    encoded = dialect.encode_request(request, Target(request.model), dialect.name)
    if encoded.losses:
        return f"losses on the way to its own dialect: {encoded.losses}"
    return _json_fault(dialect.name, body, encoded.body)


def embed_request_fault(dialect: WholeDialect[Any, Any], body: bytes) -> str:
    """As `request_fault`."""
    request = dialect.decode_request(_held(body, "request"))
    encoded = dialect.encode_request(request, Target(request.model), dialect.name)
    return _json_fault(dialect.name, body, encoded.body)


def _json_fault(dialect: str, before: bytes, after: bytes) -> str:
    same = one_spelling(dialect, json.loads(before)) == one_spelling(dialect, json.loads(after))
    return "" if same else "it encodes back to another JSON"


def error_fault(dialect: ChatDialect, recording: Recording) -> str:
    """A failure with the upstream's status and words, which a client is shown again."""
    headers = recording.response_headers
    failure = dialect.decode_error(recording.status, headers, recording.response_body)
    if failure.http_status != recording.status or not failure.message:
        return "the failure lacks its status or a message"
    reply = dialect.encode_error(failure, "req")
    again = dialect.decode_error(reply.status, dict(reply.headers), reply.body)
    same = (again.kind, again.message) == (failure.kind, failure.message)
    return "" if same else "shown to a client, the failure reads differently"


def answer_fault(dialect: ChatDialect, body: bytes) -> str:
    """To canonical, back, and to canonical again; and what the relay reads."""
    decoded = _outcome(lambda: dialect.decode_response(_held(body, "answer")))
    relayed = _outcome(lambda: dialect.read(body))
    if isinstance(decoded, Failure) or isinstance(relayed, Failure):
        return "" if decoded == relayed else "relayed, it fails otherwise than decoded"
    first = next((choice.finish.reason for choice in decoded.choices if choice.finish), None)
    if (relayed.usage, relayed.model or "", relayed.id or "") != (decoded.usage, decoded.model, decoded.id):
        return "relayed, another usage, model or id is read"
    if relayed.finish not in {first, None}:
        return "relayed, another finish is read"
    encoded = dialect.encode_response(decoded, dialect.name)
    if encoded.losses:
        return f"losses on the way to its own dialect: {encoded.losses}"
    again = dialect.decode_response(encoded.body)
    return "" if _comparable(again) == _comparable(decoded) else "encoded, it decodes to another answer"


def _comparable(answer: Any) -> Any:
    """An answer without the hosts' own words for why it ended: where they gave none, ours is written."""
    choices = tuple(
        msgspec.structs.replace(
            choice, finish=choice.finish and msgspec.structs.replace(choice.finish, raw=None)
        )
        for choice in answer.choices
    )
    return msgspec.structs.replace(answer, choices=choices, created=None)


def count_fault(dialect: ChatDialect, body: bytes) -> str:
    """A count of tokens, which a client is told again."""
    counter = COUNTERS[dialect.name]
    count = counter.decode_count(_held(body, "answer"))
    return "" if counter.decode_count(dialect.encode_token_count(count)) == count else "the count is another"


def embed_answer_fault(dialect: WholeDialect[Any, Any], body: bytes) -> str:
    """As `answer_fault`."""
    decoded = dialect.decode_response(_held(body, "answer"))
    relayed = dialect.read(body)
    if (relayed.usage, relayed.model) != (decoded.usage, decoded.model):
        return "relayed, another usage or model is read"
    again = dialect.decode_response(dialect.encode_response(decoded, dialect.name).body)
    return "" if again == decoded else "encoded, it decodes to another answer"


def _outcome(attempt: Callable[[], Any]) -> Any:
    """What `attempt` gives, or the failure that the body reports."""
    try:
        return attempt()
    except Refused as refused:
        if refused.failure.raw is None:
            raise  # it is no answer, rather than one that tells of a failure
        return refused.failure


def stream_fault(dialect: ChatDialect, body: bytes, seed: str) -> str:
    """The same from every cut, in the right order, and the same again through the relay."""
    events = decoded_stream(dialect.stream_decoder(), [_held(body, "answer")])
    fault = grammar_fault(events)
    if fault:
        return fault
    for pieces in cuts(body, seed):
        if decoded_stream(dialect.stream_decoder(), pieces) != events:
            return "another cut gives other events"
    return _relay_fault(dialect, body, events)


def cuts(body: bytes, seed: str) -> Iterator[list[bytes]]:
    """`body` byte by byte, then in a few random cuts that depend on `seed` alone."""
    yield [body[index : index + 1] for index in range(len(body))]
    chance = random.Random(seed)  # noqa: S311 - for repeatable tests
    for _ in range(RANDOM_CUTS):
        places = sorted(chance.sample(range(len(body) + 1), min(len(body), chance.randint(1, 30))))
        yield [body[start:end] for start, end in zip([0, *places], [*places, len(body)], strict=True)]


def decoded_stream(decoder: StreamDecoder, pieces: Sequence[bytes]) -> list[StreamEvent]:
    """Every event of a stream that comes in `pieces`."""
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events + decoder.close()


def grammar_fault(events: Sequence[StreamEvent]) -> str:
    """What breaks the order of canonical events, if anything does."""
    begun: set[tuple[int, int]] = set()
    ended: set[tuple[int, int]] = set()
    for event in events:
        match event:
            case PartStart(choice, part, _):
                if (choice, part) in begun:
                    return "a part begins twice"
                begun.add((choice, part))
            case PartDelta() | PartEnd():
                key = (event.choice, event.part)
                if key not in begun or key in ended:
                    return "a part grows or ends while it is not open"
                if isinstance(event, PartEnd):
                    ended.add(key)
            case ErrorEvent():
                return "" if event is events[-1] else "events follow an error"
    return "" if begun == ended else "a part never ends"


def _relay_fault(dialect: ChatDialect, body: bytes, events: Sequence[StreamEvent]) -> str:
    relay = dialect.relay(Peek("model", stream=True, include_usage=True))
    passed = b"".join(relay.feed(body[start : start + 100]) for start in range(0, len(body), 100))
    passed += relay.close()
    if isinstance(events[-1], ErrorEvent):
        same = relay.failure is not None and relay.failure.kind is events[-1].failure.kind
        return "" if same and passed.startswith(body) else "relayed, the failure is another"
    if passed != body:
        return "relayed, bytes are changed"
    answer = fold(events)
    reading = relay.reading
    if (reading.usage, reading.model or "") != (answer.usage, answer.model):
        return "relayed, another usage or model is read"
    return "" if relay.failure is None else "relayed, it is taken for a failure"


def counts(verdicts: Iterable[Verdict]) -> dict[Proof, tuple[int, int]]:
    """For each proof: how many passed, of how many."""
    held: Counter[Proof] = Counter()
    passed: Counter[Proof] = Counter()
    for verdict in verdicts:
        held[verdict.proof] += 1
        passed[verdict.proof] += not verdict.exception and not verdict.fault
    return {proof: (passed[proof], held[proof]) for proof in PROOFS if held[proof]}
