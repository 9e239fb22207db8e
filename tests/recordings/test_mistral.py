"""Every recorded exchange with Mistral's APIs: understood, said again, relayed."""

import json
from pathlib import Path
from typing import Any

import pytest

from counterpoint.canonical import ErrorEvent, fold
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT, EMBED
from counterpoint.testing.conformance import conformance, counts, decoded_stream
from counterpoint.testing.recordings import answers, recordings

NAME = "mistral-chat"
DIALECT = CHAT[NAME]
NOT_HELD = {"the recording holds no request", "it is a transcription, filed under chat"}


RECORDINGS = Path("data", "provider-recordings")


@pytest.mark.parametrize("name", [NAME, "mistral-embeddings"])
def test_all_that_is_recorded_is_understood(shared: Path, name: str) -> None:
    verdicts = conformance(shared / RECORDINGS, name)
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} - {""} <= NOT_HELD
    passed = {proof: number for proof, (number, _) in counts(verdicts).items()}
    assert min(passed.values()) >= (14 if name == NAME else 4)


def test_the_relay_changes_the_models_name_alone(shared: Path) -> None:
    asked: list[tuple[Any, bytes]] = [
        (DIALECT, item.request_body) for item in recordings(shared / RECORDINGS, NAME)
    ]
    asked += [
        (EMBED["mistral-embeddings"], item.request_body)
        for item in recordings(shared / RECORDINGS, "mistral-embeddings")
    ]
    for dialect, body in asked:
        sent = dialect.rewrite(body, dialect.peek(body), Target("x"))
        assert json.loads(sent) == {**json.loads(body), "model": "x"}


def test_every_stream_is_said_again(shared: Path) -> None:
    told = 0
    for recording in (*recordings(shared / RECORDINGS, NAME), *answers(shared / RECORDINGS, NAME)):
        if not recording.response_body.startswith((b"event:", b"data:")):
            continue
        events = decoded_stream(DIALECT.stream_decoder(), [recording.response_body])
        assert not isinstance(events[-1], ErrorEvent), recording.name
        encoder = DIALECT.stream_encoder("m", include_usage=True)
        again = b"".join(map(encoder.encode, events)) + encoder.close()
        first, second = fold(events), fold(decoded_stream(DIALECT.stream_decoder(), [again]))
        assert encoder.losses == ()
        assert second.usage == first.usage, recording.name
        plain = [
            [(type(part), getattr(part, "text", "")) for part in answer.choices[0].parts]
            for answer in (first, second)
        ]
        assert plain[0] == plain[1], recording.name
        told += 1
    assert told >= 14
