"""Every recorded exchange with the Responses API, whichever host served it: understood, said again without a
difference, relayed untouched."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from counterpoint.canonical import ErrorEvent, FailureKind, Part, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, answers, recordings
from counterpoint.wire.sse import SseReader
from tests.openai_description import description
from tests.recorded_errors import kinds_by_status

NAME = "openai-responses"
DIALECT = CHAT[NAME]
NOT_HELD = {
    "the recording holds no request": 2,
    "the recording holds no answer": 1,
    "its answer is a count of tokens": 2,
    "it is an answer of chat completions, filed under responses": 1,
    "it is a stream of chat completions, filed under responses": 1,
}
SHORTENED = ("openai-shell-container.1.chunks.txt#0",)
"""Streams whose last event was changed by hand."""


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    return list(recordings(shared / "data" / "provider-recordings", NAME))


@pytest.fixture(scope="module")
def fixtures(shared: Path) -> list[Recording]:
    return list(answers(shared / "data" / "provider-recordings", NAME))


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_there_is_enough_to_prove_it_on(verdicts: list[Verdict]) -> None:
    held = {proof: number for proof, (_, number) in counts(verdicts).items()}
    assert held["request"] > 600
    assert held["answer"] > 500
    assert held["stream"] > 150
    assert held["error"] > 10


def test_every_proof_holds(verdicts: list[Verdict]) -> None:
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}


def test_the_only_exceptions_are_recordings_that_lack_what_is_to_be_proven(verdicts: list[Verdict]) -> None:
    named = [verdict.exception for verdict in verdicts if verdict.exception]
    assert set(named) <= set(NOT_HELD)
    assert all(named.count(reason) <= most for reason, most in NOT_HELD.items())


def test_the_relay_changes_the_models_name_only(recorded: list[Recording]) -> None:
    for recording in recorded:
        body = recording.request_body
        try:
            peek = DIALECT.peek(body)
        except Refused:  # no body, or a stored prompt names the model
            assert not body or not json.loads(body).get("model"), recording.name
            continue
        assert DIALECT.rewrite(body, peek, Target(peek.model)) == body
        expected = {**json.loads(body), "model": "other/model"}
        assert json.loads(DIALECT.rewrite(body, peek, Target("other/model"))) == expected, recording.name


def streams(every: list[Recording]) -> Iterator[tuple[str, bytes]]:
    for recording in every:
        if recording.response_body.startswith((b"data:", b"event:")) and recording.status == 200:
            yield recording.name, recording.response_body


def test_a_stream_comes_to_the_answer_that_its_end_repeats(
    recorded: list[Recording], fixtures: list[Recording]
) -> None:
    told = 0
    for name, body in streams(recorded + fixtures):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        last = SseReader().feed(body)[-1]
        if isinstance(events[-1], ErrorEvent) or b"starting_after" in body:
            continue
        whole = json.loads(last.data)["response"]
        if len(whole["output"]) != _items(body) or name.endswith(SHORTENED):
            continue  # a stream that goes on tells less than the whole
        streamed, repeated = fold(events), DIALECT.decode_response(json.dumps(whole).encode())
        assert _plain(streamed.choices[0].parts) == _plain(repeated.choices[0].parts), name
        assert streamed.choices[0].finish == repeated.choices[0].finish, name
        assert (streamed.usage, streamed.id, streamed.model) == (repeated.usage, repeated.id, repeated.model)
        told += 1
    assert told > 130


def _items(body: bytes) -> int:
    return sum(
        json.loads(frame.data)["type"] == "response.output_item.done" for frame in SseReader().feed(body)
    )


def _plain(parts: tuple[Part, ...]) -> list[Any]:
    """What the parts say, and where items begin. What only the maker can read is written anew each time."""
    kept = []
    for part in parts:
        value = msgspec.to_builtins(part)
        extensions = value.pop("extensions", {}).get(NAME, {})
        inner = value.get("value")
        for holder in (value, inner if isinstance(inner, dict) else {}):
            for name in ("encrypted", "encrypted_content"):
                holder[name] = bool(holder.get(name))
        kept.append((value, "~item" in extensions, extensions.get("~kind")))
    return kept


def test_every_stream_is_said_again(recorded: list[Recording], fixtures: list[Recording]) -> None:
    """Decoded, encoded and decoded again: the same parts, finish and usage, in events as the API describes them."""
    told = 0
    for name, body in streams(recorded + fixtures):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        if isinstance(events[-1], ErrorEvent):
            continue
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
        assert encoder.losses == ()
        kept, found = _plain(first.choices[0].parts), _plain(second.choices[0].parts)
        if name.endswith(LATE):
            kept, found = sorted(kept, key=repr), sorted(found, key=repr)
        assert kept == found, name
        assert (first.choices[0].logprobs, first.usage) == (second.choices[0].logprobs, second.usage), name
        assert first.choices[0].finish == second.choices[0].finish, name
        told += 1
    assert told > 140


LATE = ("backfills_missing_results.yaml#0", "xai-x-search-tool.chunks.txt#0")
"""Streams in which items of the host's own tools end in another order than they began in: so they are said again."""


def test_events_are_numbered_and_their_items_too(recorded: list[Recording]) -> None:
    for name, body in streams(recorded):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        told = [json.loads(frame.data) for frame in SseReader().feed(again)]
        assert [event["sequence_number"] for event in told] == list(range(len(told))), name
        added = [event["output_index"] for event in told if event["type"] == "response.output_item.added"]
        done = [event["output_index"] for event in told if event["type"] == "response.output_item.done"]
        assert added == sorted(added) == list(range(len(added))), name
        assert sorted(done) == added, name


def test_errors_are_of_the_kind_that_their_status_says(recorded: list[Recording]) -> None:
    kinds = kinds_by_status(DIALECT, recorded)
    assert kinds[401] == {FailureKind.authentication}
    assert FailureKind.context_exceeded in kinds[400]
    assert {kind.status // 100 for kind in kinds[400]} == {4}


def test_a_relayed_stream_begins_with_something_of_the_answer(recorded: list[Recording]) -> None:
    for name, body in streams(recorded):
        relay = DIALECT.relay(Peek("m", stream=True))
        for frame in body.split(b"\n\n"):
            relay.feed(frame + b"\n\n")
            if relay.begun:
                assert b"response.created" not in frame[:60], name
                break
        assert relay.begun, name


def test_what_other_dialects_ask_is_as_the_api_describes_it(shared: Path) -> None:
    """Requests of the other dialects, translated, against the maker's own description of this API."""
    accepts = description(shared).accepts("CreateResponse")
    told = 0
    for home in ("openai-chat", "anthropic-messages"):
        for recording in recordings(shared / "data" / "provider-recordings", home):
            if recording.request_body and recording.status == 200:
                request = CHAT[home].decode_request(recording.request_body)
                body = json.loads(DIALECT.encode_request(request, Target("gpt-4o"), home).body)
                assert not accepts(body), (recording.name, accepts(body))
                told += 1
    assert told > 1500


def test_what_other_dialects_answer_is_as_the_api_describes_it(shared: Path) -> None:
    accepts = description(shared).accepts("Response")
    told = 0
    for home in ("openai-chat", "anthropic-messages"):
        for recording in recordings(shared / "data" / "provider-recordings", home):
            if recording.stream or recording.status != 200 or not recording.response_body:
                continue
            try:
                response = CHAT[home].decode_response(recording.response_body)
            except Refused:
                continue
            body = json.loads(DIALECT.encode_response(response, home).body)
            assert not accepts(body), (recording.name, accepts(body))
            told += 1
    assert told > 1000
