"""Usage of every turn, the model in the first message, the key in the address."""

import json

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.conversing import Turn
from counterpoint.dialects.gemini_live import GeminiLive

DIALECT = GeminiLive()


def test_what_is_of_an_answer_under_way() -> None:
    live = GeminiLive()
    assert live.answering(b'{"serverContent": {"modelTurn": {"parts": []}}}')
    for other in (
        b'{"setupComplete": {}}',
        b'{"serverContent": {"interrupted": true}}',
        b'{"x": "modelTurn"}',
    ):
        assert not live.answering(other)
    assert not live.answering(b'"modelTurn" {')


def test_a_turn() -> None:
    read = {
        "promptTokenCount": 40,
        "cachedContentTokenCount": 5,
        "promptTokensDetails": [
            {"modality": "TEXT", "tokenCount": 10},
            {"modality": "AUDIO", "tokenCount": 30},
        ],
        "responseTokenCount": 9,
        "thoughtsTokenCount": 3,
        "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 8}, "odd"],
    }
    turn = DIALECT.turn(json.dumps({"usageMetadata": read}).encode())
    assert turn == Turn(Usage(input=5, cache_read=5, audio_in=30, output=1, audio_out=8, reasoning=3))
    for message in (b'{"serverContent":{}}', b'{"usageMetadata":3}', b'{"usageMetadata"', b"\xff"):
        assert DIALECT.turn(message) is None


@pytest.mark.parametrize(
    ("written", "model", "renamed"),
    [
        ("models/a", "a", "models/b"),
        ("a", "a", "models/b"),
        ("publishers/google/models/a", "a", "publishers/google/models/b"),
        ("models/host/a", "host/a", "models/b"),
    ],
)
def test_the_first_message(written: str, model: str, renamed: str) -> None:
    message = json.dumps({"setup": {"model": written, "x": [1]}}).encode()
    assert DIALECT.first(message) == model
    assert json.loads(DIALECT.renamed(message, "b")) == {"setup": {"model": renamed, "x": [1]}}


@pytest.mark.parametrize("message", [b"{}", b'{"setup":{}}', b'{"setup":[]}', b'{"setup":{"model":1}}', b"x"])
def test_a_first_message_without_a_model(message: bytes) -> None:
    with pytest.raises(Refused):
        DIALECT.first(message)


def test_the_address() -> None:
    assert DIALECT.key({}, "key=cp-1&alt=x") == "cp-1"
    assert DIALECT.query("key=cp-1&alt=x", "b") == "alt=x"
    assert DIALECT.model("") is None
