"""Every recorded exchange with the Gemini API, at either of its maker's hosts: understood, said again without a
difference, relayed untouched."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import google.genai.types
import pytest

from counterpoint.canonical import ErrorEvent, FailureKind, Reasoning, Text, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Asked, ChatDialect, Peek, Target
from counterpoint.dialects.gemini_generate import form_of
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import FILED, Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, recordings
from counterpoint.wire.sse import SseReader
from tests.recorded_errors import kinds_by_status

NAME = "gemini-generate"
DIALECT = CHAT[NAME]
NOT_HELD = {"the recording holds no request": 1, "its host refused it too": 1}


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    folder = shared / "data" / "provider-recordings"
    return [recording for name in FILED[NAME] for recording in recordings(folder, name)]


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_there_is_enough_to_prove_it_on(verdicts: list[Verdict]) -> None:
    held = {proof: number for proof, (_, number) in counts(verdicts).items()}
    assert held["request"] > 500
    assert held["answer"] > 380
    assert held["stream"] > 110
    assert held["error"] > 10


def test_every_proof_holds_but_where_there_is_nothing_to_prove(verdicts: list[Verdict]) -> None:
    assert not {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault}
    reasons = Counter(verdict.exception for verdict in verdicts if verdict.exception)
    assert reasons <= Counter(NOT_HELD)


def test_the_relay_changes_the_models_name_only(recorded: list[Recording]) -> None:
    for recording in recorded:
        body = recording.request_body
        if not body.strip():
            continue
        sent = json.loads(DIALECT.rewrite(body, DIALECT.peek(body, Asked("m")), Target("other")))
        expected = json.loads(body)
        inner = expected.get("generateContentRequest", {})
        if "model" in inner:
            inner["model"] = "models/other"
        assert sent == expected, recording.name


def streams(every: list[Recording]) -> Iterator[tuple[str, bytes]]:
    for recording in every:
        if recording.status == 200 and recording.response_body.lstrip().startswith((b"data:", b"[")):
            yield recording.name, recording.response_body


@pytest.mark.parametrize("query", ["alt=sse", ""])
def test_every_stream_is_said_again_in_either_form(recorded: list[Recording], query: str) -> None:
    told, form = 0, form_of(query)
    for name, body in streams(recorded):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        if isinstance(events[-1], ErrorEvent):
            continue
        encoder = form.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
        assert encoder.losses == (), name
        assert first.choices == second.choices, name
        assert first.usage == second.usage, name
        told += 1
    assert told > 110


@pytest.mark.parametrize("query", ["alt=sse", ""])
def test_every_stream_is_relayed_in_the_form_that_the_client_asked_for(
    recorded: list[Recording], query: str
) -> None:
    form: ChatDialect = form_of(query)
    for name, body in streams(recorded):
        listed = body.lstrip().startswith(b"[")
        relay = form.relay(Peek("m", stream=True))
        passed = b"".join(relay.feed(body[place : place + 900]) for place in range(0, len(body), 900))
        passed += relay.close()
        if query:
            assert passed == body, name
        else:
            found = body if listed else b"[" + b",".join(one.data for one in SseReader().feed(body)) + b"]"
            assert json.loads(passed) == json.loads(found), name


def test_the_makers_own_sdk_reads_what_is_said(recorded: list[Recording]) -> None:
    model = google.genai.types.GenerateContentResponse
    for name, body in streams(recorded):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        if isinstance(events[-1], ErrorEvent):
            continue
        for frame in SseReader().feed(again):
            chunk = model.model_validate_json(frame.data)
            assert chunk.candidates is None or chunk.candidates[0].content is not None, name


def test_errors_are_of_the_kind_that_their_status_says(recorded: list[Recording]) -> None:
    kinds = kinds_by_status(DIALECT, recorded)
    assert kinds[404] == {FailureKind.not_found}
    assert FailureKind.authentication in kinds[400] | kinds.get(401, set())
    assert {kind.status // 100 for found in kinds.values() for kind in found} == {4}


def test_thoughts_sources_and_blocked_prompts_are_understood(recorded: list[Recording]) -> None:
    thoughts = cited = withheld = 0
    for recording in recorded:
        if recording.status != 200 or recording.stream or recording.endpoint.endswith("countTokens"):
            continue
        try:
            answer = DIALECT.decode_response(recording.response_body)
        except Refused:
            continue
        for choice in answer.choices:
            thoughts += any(isinstance(part, Reasoning) for part in choice.parts)
            cited += any(isinstance(part, Text) and part.citations for part in choice.parts)
            if choice.finish is not None and choice.finish.reason == "content_filter":
                assert choice.finish.raw
                withheld += 1
    assert thoughts > 10
    assert cited > 3
    assert withheld > 0
