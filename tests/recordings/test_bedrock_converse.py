"""Every recorded exchange with Bedrock's Converse, whichever maker's model answered: understood, said again without a
difference, relayed untouched; and what other dialects ask and answer, as Amazon's own description has it."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from counterpoint.canonical import ErrorEvent, FailureKind, StreamEvent, ToolCall, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Asked, Peek, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import FILED, Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, answers, recordings
from counterpoint.wire.eventstream import MessageCutter, message_of
from tests.bedrock_description import service_model

NAME = "bedrock-converse"
DIALECT = CHAT[NAME]
COUNTED = "its answer is a count of tokens"
OTHERS = ("openai-chat", "anthropic-messages", "openai-responses", "gemini-generate")


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    folder = shared / "data" / "provider-recordings"
    return [item for name in FILED[NAME] for item in recordings(folder, name)]


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_every_proof_holds(verdicts: list[Verdict]) -> None:
    held = {proof: number for proof, (_, number) in counts(verdicts).items()}
    assert held["request"] >= 200
    assert held["answer"] >= 160
    assert held["stream"] >= 36
    assert held["error"] >= 10
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}


def test_the_only_exceptions_are_counts_of_tokens(verdicts: list[Verdict]) -> None:
    assert {verdict.exception for verdict in verdicts} == {"", COUNTED}


def test_the_relay_changes_nothing(recorded: list[Recording]) -> None:
    for recording in recorded:
        peek = DIALECT.peek(recording.request_body, Asked("us.amazon.nova-micro-v1:0", stream=True))
        assert (peek.model, peek.stream) == ("us.amazon.nova-micro-v1:0", True)
        assert DIALECT.rewrite(recording.request_body, peek, Target("another")) == recording.request_body


def streams(shared: Path) -> list[tuple[str, bytes]]:
    folder = shared / "data" / "provider-recordings"
    every = [*recordings(folder, "bedrock-converse-stream"), *answers(folder, NAME)]
    return [(item.name, item.response_body) for item in every if item.status == 200 and item.stream]


def again(events: list[StreamEvent]) -> bytes:
    encoder = DIALECT.stream_encoder("m", include_usage=True)
    said = b"".join(map(encoder.encode, events)) + encoder.close()
    assert encoder.losses == ()
    return said


def test_every_stream_is_said_again_as_the_api_describes_it(shared: Path) -> None:
    model, told = service_model(shared), 0
    for name, body in streams(shared):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        if isinstance(events[-1], ErrorEvent):
            continue
        said = again(events)
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [said]))
        assert first.choices[0].parts == second.choices[0].parts, name
        assert first.usage == second.usage or not first.usage.reported, name
        assert first.choices[0].finish == second.choices[0].finish, name
        for raw in MessageCutter().feed(said):
            message = message_of(raw)
            event = json.loads(message.payload)
            drop_unknown(event)
            wrong = model.wrong("ConverseStreamOutput", {message.text(":event-type"): event})
            assert not wrong, (name, wrong)
        told += 1
    assert told > 30


def drop_unknown(event: dict[str, object]) -> None:
    """What recorded hosts say beyond their own description."""
    start = event.get("start")
    use = start.get("toolUse") if isinstance(start, dict) else None
    if isinstance(use, dict) and use.get("type") == "tool_use":
        del use["type"]
    event.pop("trace", None)


def test_errors_are_of_the_kind_that_their_status_says(recorded: list[Recording]) -> None:
    kinds: dict[int, set[FailureKind]] = defaultdict(set)
    for recording in recorded:
        if recording.status >= 400:
            failure = DIALECT.decode_error(
                recording.status, recording.response_headers, recording.response_body
            )
            kinds[recording.status].add(failure.kind)
            reply = DIALECT.encode_error(failure, "r")
            assert json.loads(reply.body) == json.loads(recording.response_body)
            assert dict(reply.headers)["x-amzn-errortype"] == "ValidationException"
    assert kinds[400] == {FailureKind.bad_request, FailureKind.context_exceeded}


def test_a_relayed_stream_begins_with_something_of_the_answer(shared: Path) -> None:
    for name, body in streams(shared):
        relay = DIALECT.relay(Peek("m", stream=True))
        for raw in MessageCutter().feed(body):
            relay.feed(raw)
            if relay.begun:
                assert b"messageStart" not in raw, name
                break
        assert relay.begun, name


@pytest.mark.parametrize("home", OTHERS)
def test_what_other_dialects_ask_is_as_the_api_describes_it(shared: Path, home: str) -> None:
    model, told = service_model(shared), 0
    folder = shared / "data" / "provider-recordings"
    for name in FILED.get(home, (home,)):
        for recording in recordings(folder, name):
            if not recording.request_body or recording.status != 200:
                continue
            request = CHAT[home].decode_request(recording.request_body)
            for target in ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "us.amazon.nova-2-lite-v1:0"):
                body = json.loads(DIALECT.encode_request(request, Target(target), home).body)
                wrong = model.wrong("ConverseRequest", body)
                assert not wrong, (recording.name, wrong)
            told += 1
    assert told > 150


@pytest.mark.parametrize("home", OTHERS)
def test_what_other_dialects_answer_is_as_the_api_describes_it(shared: Path, home: str) -> None:
    model, told = service_model(shared), 0
    for recording in recordings(shared / "data" / "provider-recordings", home):
        if recording.stream or recording.status != 200 or not recording.response_body:
            continue
        try:
            response = CHAT[home].decode_response(recording.response_body)
        except Refused:
            continue
        body = json.loads(DIALECT.encode_response(response, home).body)
        wrong = model.wrong("ConverseResponse", body)
        names = [
            part.name for choice in response.choices for part in choice.parts if isinstance(part, ToolCall)
        ]
        if not any("does not match" in wrong and name in wrong for name in names):
            assert not wrong, (recording.name, wrong)
        told += 1
    assert told > 150
