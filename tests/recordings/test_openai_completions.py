"""Every recorded legacy completion: understood, said again without a difference, relayed."""

import json
from pathlib import Path

import pytest

from counterpoint.canonical import ErrorEvent, Refused, fold
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT
from counterpoint.testing.conformance import Verdict, conformance, counts, decoded_stream
from counterpoint.testing.recordings import Recording, recordings

NAME = "openai-completions-legacy"
DIALECT = CHAT[NAME]
NOT_HELD = "it is a template's chat completion, filed under completions"


@pytest.fixture(scope="module")
def recorded(shared: Path) -> list[Recording]:
    return list(recordings(shared / "data" / "provider-recordings", NAME))


@pytest.fixture(scope="module")
def verdicts(shared: Path) -> list[Verdict]:
    return conformance(shared / "data" / "provider-recordings", NAME)


def test_every_proof_holds(verdicts: list[Verdict]) -> None:
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} == {"", NOT_HELD}
    passed = {proof: number for proof, (number, _) in counts(verdicts).items()}
    assert passed["request"] >= 47
    assert passed["answer"] >= 35
    assert passed["stream"] >= 7
    assert passed["error"] >= 5


def test_the_relay_changes_the_models_name_alone(recorded: list[Recording]) -> None:
    for recording in recorded:
        try:
            peek = DIALECT.peek(recording.request_body)
        except Refused:
            assert "model" not in json.loads(recording.request_body)
            continue
        body = json.loads(recording.request_body)
        sent = json.loads(DIALECT.rewrite(recording.request_body, peek, Target("other/model")))
        demanded = sent.pop("stream_options", None)
        assert demanded == body.pop("stream_options", {"include_usage": True} if peek.stream else None)
        assert sent == {**body, "model": "other/model"}, recording.name


def test_every_stream_is_said_again(recorded: list[Recording]) -> None:
    told = 0
    for recording in recorded:
        if recording.stream and recording.status == 200:
            events = decoded_stream(DIALECT.stream_decoder(), [recording.response_body])
            assert not isinstance(events[-1], ErrorEvent)
            encoder = DIALECT.stream_encoder("m", include_usage=True)
            again = b"".join(map(encoder.encode, events)) + encoder.close()
            first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
            assert [choice.parts for choice in first.choices] == [choice.parts for choice in second.choices]
            assert first.usage == second.usage
            told += 1
    assert told >= 7
