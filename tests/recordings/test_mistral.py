"""Every recorded exchange with Mistral's APIs: understood, said again, relayed."""

import json
from pathlib import Path

import pytest

from counterpoint.canonical import ErrorEvent, fold
from counterpoint.dialects.base import Target
from counterpoint.dialects.registry import CHAT, EMBED
from counterpoint.testing.conformance import conformance, counts, decoded_stream
from counterpoint.testing.recordings import answers, recordings

NAME = "mistral-chat"
DIALECT = CHAT[NAME]
NOT_HELD = {"the recording holds no request", "it is a transcription, filed under chat"}


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "provider-recordings"


@pytest.mark.parametrize(("name", "least"), [(NAME, 60), ("mistral-embeddings", 4)])
def test_every_proof_holds(folder: Path, name: str, least: int) -> None:
    verdicts = conformance(folder, name)
    assert {verdict.recording: verdict.fault for verdict in verdicts if verdict.fault} == {}
    assert {verdict.exception for verdict in verdicts} - {""} <= NOT_HELD
    assert counts(verdicts)["request"][0] >= least
    assert counts(verdicts)["answer"][0] >= 4


def test_the_relay_changes_the_models_name_alone(folder: Path) -> None:
    for name, dialect in ((NAME, DIALECT), ("mistral-embeddings", EMBED["mistral-embeddings"])):
        for recording in recordings(folder, name):
            body = recording.request_body
            sent = dialect.rewrite(body, dialect.peek(body), Target("other/model"))
            assert json.loads(sent) == {**json.loads(body), "model": "other/model"}, recording.name


def test_every_stream_is_said_again(folder: Path) -> None:
    told = 0
    for recording in (*recordings(folder, NAME), *answers(folder, NAME)):
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
