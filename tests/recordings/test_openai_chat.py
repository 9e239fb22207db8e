"""Every recorded exchange with the chat completions API, whichever host served it: understood, said again without a
difference, and relayed untouched."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import ErrorEvent, FailureKind, fold
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Peek, Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, recordings
from tests.recorded_errors import kinds_by_status

NAME = "openai-chat"
DIALECT = CHAT[NAME]
NOT_HELD = {
    "the recording holds no request",
    "the recording holds no answer",
    "it is a transcription, filed under chat",
}


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    return list(recordings(shared / "data" / "provider-recordings", NAME))


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_there_is_enough_to_prove_it_on(verdicts: list[Verdict]) -> None:
    held = {proof: number for proof, (_, number) in counts(verdicts).items()}
    assert held["request"] > 500
    assert held["answer"] > 300
    assert held["stream"] > 80
    assert held["error"] > 10


def test_every_proof_holds(verdicts: list[Verdict]) -> None:
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}


def test_the_only_exceptions_are_recordings_that_lack_what_is_to_be_proven(verdicts: list[Verdict]) -> None:
    assert {verdict.exception for verdict in verdicts} - {""} <= NOT_HELD
    assert sum(bool(verdict.exception) for verdict in verdicts) < 0.01 * len(verdicts)


def test_the_relay_changes_the_models_name_and_demands_usage(recorded: list[Recording]) -> None:
    wrong = []
    for recording in recorded:
        body = recording.request_body
        try:
            peek = DIALECT.peek(body)
        except Refused:  # no body, or the host's URL names the model
            assert not body or not json.loads(body).get("model"), recording.name
            continue
        expected = {**json.loads(body), "model": "other/model"}
        if peek.stream and not peek.include_usage:
            expected["stream_options"] = {**(expected.get("stream_options") or {}), "include_usage": True}
        if json.loads(DIALECT.rewrite(body, peek, Target("other/model"))) != expected:
            wrong.append(recording.name)
    assert wrong == []


def streams(every: list[Recording]) -> list[tuple[str, bytes]]:
    return [
        (recording.name, recording.response_body)
        for recording in every
        if recording.stream and recording.status == 200 and recording.response_body
    ]


def chunks(body: bytes) -> list[Any]:
    return [json.loads(line[5:]) for line in body.splitlines() if line.startswith((b"data: {", b"data:{"))]


def test_a_client_that_did_not_ask_for_usage_sees_none_of_its_own_chunks(recorded: list[Recording]) -> None:
    for name, body in streams(recorded):
        relay = DIALECT.relay(Peek("m", stream=True, include_usage=False))
        passed = relay.feed(body) + relay.close()
        expected = [item for item in chunks(body) if item.get("choices") or not item.get("usage")]
        assert chunks(passed) == expected, name


def test_every_stream_is_said_again(recorded: list[Recording]) -> None:
    """Decoded, encoded and decoded again: the same parts, finish and usage."""
    for name, body in streams(recorded):
        events = decoded_stream(DIALECT.stream_decoder(), [body])
        if isinstance(events[-1], ErrorEvent):
            continue
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
        assert _substance(first) == _substance(second), name


def _substance(response: Any) -> Any:
    choices = [
        (choice.index, choice.parts, choice.finish.reason, choice.logprobs) for choice in response.choices
    ]
    return choices, response.usage, response.id, response.created


def test_errors_are_of_the_kind_that_their_status_says(recorded: list[Recording]) -> None:
    kinds = kinds_by_status(DIALECT, recorded)
    assert kinds[401] == {FailureKind.authentication}
    assert kinds[404] <= {FailureKind.not_found}
    assert kinds[429] <= {FailureKind.rate_limited, FailureKind.budget_exhausted}
    assert {kind.status // 100 for kind in kinds[400]} == {4}


@pytest.mark.parametrize("dialect", ["mistral-chat"])
def test_an_api_that_nearly_is_this_one_is_understood_too(shared: Path, dialect: str) -> None:
    """Mistral's own API differs in a few fields only; clients reach it through this dialect."""
    told = 0
    for recording in recordings(shared / "data" / "provider-recordings", dialect):
        request = DIALECT.decode_request(recording.request_body)
        encoded = DIALECT.encode_request(request, Target(request.model), NAME)
        assert json.loads(encoded.body) == json.loads(recording.request_body), recording.name
        if recording.stream:
            events = decoded_stream(DIALECT.stream_decoder(), [recording.response_body])
            assert fold(events).choices, recording.name
        else:
            assert DIALECT.decode_response(recording.response_body).choices, recording.name
        told += 1
    assert told > 20
