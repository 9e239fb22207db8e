"""Proofs fail where they should: each is shown a dialect or a recording with one defect."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import (
    ErrorEvent,
    Failure,
    FailureKind,
    Finish,
    FinishEvent,
    PartDelta,
    PartEnd,
    PartStart,
    StartEvent,
    StreamEvent,
    Text,
)
from counterpoint.dialects.openai_chat import OpenAIChat
from counterpoint.dialects.openai_chat.relay import OpenAIRelay
from counterpoint.dialects.openai_chat.streams import OpenAIStreamDecoder
from counterpoint.testing.conformance import (
    NotHeld,
    answer_fault,
    conformance,
    counts,
    cuts,
    grammar_fault,
    request_fault,
    stream_fault,
)

REQUEST = b'{"model":"m","messages":[{"role":"user","content":"x"}]}'
ANSWER = json.dumps(
    {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
).encode()
STREAM = (
    b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"x"}}]}\n\n'
    b'data: {"id":"c","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)
DIALECT = OpenAIChat()


def test_what_is_right_has_no_fault() -> None:
    assert request_fault(DIALECT, REQUEST) == ""
    assert answer_fault(DIALECT, ANSWER) == ""
    assert stream_fault(DIALECT, STREAM, "seed") == ""
    assert answer_fault(DIALECT, b'{"error":{"message":"x"}}') == ""


def test_a_recording_without_a_body_holds_no_proof() -> None:
    for fault in (request_fault, answer_fault):
        with pytest.raises(NotHeld):
            fault(DIALECT, b"")


class Forgetful(OpenAIChat):
    """Loses what it does not know, and does not say so."""

    def decode_request(self, body: bytes) -> Any:
        known = {name: value for name, value in json.loads(body).items() if name in {"model", "messages"}}
        return super().decode_request(json.dumps(known).encode())

    def read(self, body: bytes) -> Any:
        return super().read(body.replace(b'"prompt_tokens": 1', b'"prompt_tokens": 9'))


class _Hasty(OpenAIStreamDecoder):
    """Takes each piece for whole events."""

    def feed(self, data: bytes) -> list[StreamEvent]:
        return super().feed(data + b"\n\n")


class _Meddling(OpenAIRelay):
    def feed(self, data: bytes) -> bytes:
        return super().feed(data).replace(b'"x"', b'"y"')


class Hasty(OpenAIChat):
    def stream_decoder(self) -> OpenAIStreamDecoder:
        return _Hasty()


class Meddling(OpenAIChat):
    def relay(self, peek: Any) -> OpenAIRelay:
        return _Meddling(peek)


def test_a_lost_field_is_a_fault() -> None:
    body = REQUEST[:-1] + b',"seed":7}'
    assert request_fault(Forgetful(), body) == "it encodes back to another JSON"


def test_another_usage_in_the_relay_is_a_fault() -> None:
    assert answer_fault(Forgetful(), ANSWER) == "relayed, another usage, model or id is read"


def test_a_decoder_that_minds_cuts_is_a_fault() -> None:
    assert stream_fault(Hasty(), STREAM, "seed") == "another cut gives other events"


def test_a_relay_that_changes_bytes_is_a_fault() -> None:
    assert stream_fault(Meddling(), STREAM, "seed") == "relayed, bytes are changed"


def test_cuts_are_whole_and_repeatable() -> None:
    first, again = list(cuts(STREAM, "a")), list(cuts(STREAM, "a"))
    assert first == again
    assert all(b"".join(pieces) == STREAM for pieces in first)
    assert first[0] == [bytes([byte]) for byte in STREAM]
    assert list(cuts(STREAM, "b"))[1] != first[1]


BEGUN = [StartEvent(), PartStart(0, 0, Text(""))]
FINISH = FinishEvent(0, Finish("stop"))


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        ([*BEGUN, PartDelta(0, 0, "x"), PartEnd(0, 0), FINISH], ""),
        ([*BEGUN, FINISH], "a part never ends"),
        ([*BEGUN, PartStart(0, 0, Text("")), PartEnd(0, 0)], "a part begins twice"),
        ([PartDelta(0, 0, "x")], "a part grows or ends while it is not open"),
        ([*BEGUN, PartEnd(0, 0), PartEnd(0, 0)], "a part grows or ends while it is not open"),
        ([*BEGUN, ErrorEvent(Failure(FailureKind.internal, "x"))], ""),
        ([ErrorEvent(Failure(FailureKind.internal, "x")), FINISH], "events follow an error"),
    ],
)
def test_the_order_of_events(events: Sequence[StreamEvent], fault: str) -> None:
    assert grammar_fault(events) == fault


def test_a_folder_of_recordings_is_judged(tmp_path: Path) -> None:
    def write(name: str, request: bytes, response: bytes) -> None:
        exchange = {
            "request": {"body": request.decode()},
            "response": {"headers": {}, "body": response.decode()},
        }
        (tmp_path / name).write_text(json.dumps(exchange))

    rows = [
        {"file": "a.json", "dialect": "openai-chat", "repo": "r", "provider": "p"},
        {"file": "b.json", "dialect": "openai-chat", "repo": "r", "stream": True},
        {"file": "c.json", "dialect": "openai-chat", "repo": "r", "status": 401},
        {"file": "d.json", "dialect": "openai-chat", "repo": "r"},
    ]
    write("a.json", REQUEST, ANSWER)
    write("b.json", REQUEST, STREAM)
    write("c.json", REQUEST, b'{"error":{"message":"no"}}')
    write("d.json", b"", b"{}")
    (tmp_path / "index.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "index-responses-only.jsonl").write_text("")
    verdicts = conformance(tmp_path, "openai-chat")
    assert counts(verdicts) == {"request": (3, 4), "answer": (1, 2), "stream": (1, 1), "error": (1, 1)}
    assert [
        (verdict.exception, verdict.fault) for verdict in verdicts if verdict.recording == "d.json#0"
    ] == [
        ("the recording holds no request", ""),
        ("", "refused: The upstream's answer lacks 'choices'."),
    ]
    with pytest.raises(KeyError):
        conformance(tmp_path, "no-such-dialect")
