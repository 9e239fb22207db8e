"""One session overheard."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.dialects.openai_realtime.listening import Listening

SECOND = "A" * (48_000 * 4 // 3)
"""Of sound, 24,000 samples of 16 bits."""


def listening(*client: Any, host: tuple[Any, ...] = ()) -> Listening:
    found = Listening()
    for message in client:
        found.client(json.dumps(message).encode())
    for message in host:
        found.host(json.dumps(message).encode())
    return found


def appended(audio: str) -> dict[str, str]:
    return {"type": "input_audio_buffer.append", "audio": audio}


def test_a_second_heard_is_ten_tokens_and_a_second_said_is_twenty() -> None:
    told = {
        "type": "conversation.item.create",
        "item": {"content": [{"type": "input_text", "text": "x" * 8}]},
    }
    found = listening(
        told,
        appended(SECOND),
        host=(
            {"type": "response.created", "response": {}},
            {"type": "response.output_audio.delta", "delta": SECOND},
            {"type": "response.output_audio_transcript.delta", "delta": "x" * 12},
            {"type": "conversation.item.input_audio_transcription.delta", "delta": "x" * 400},
        ),
    )
    assert found.usage == Usage(input=2, audio_in=10, output=3, audio_out=20, reported=False)


def test_sound_that_was_taken_back_was_not_heard() -> None:
    clear = {"type": "input_audio_buffer.clear"}
    found = listening(appended(SECOND), appended(SECOND), clear)
    assert found.usage.audio_in == 0
    kept = listening(appended(SECOND), host=({"type": "input_audio_buffer.committed"},))
    kept.client(json.dumps(clear).encode())
    assert kept.usage.audio_in == 10


@pytest.mark.parametrize(
    "session",
    [
        {"input_audio_format": "g711_ulaw", "output_audio_format": "g711_alaw"},
        {
            "audio": {
                "input": {"format": {"type": "audio/pcmu"}},
                "output": {"format": {"type": "audio/pcma"}},
            }
        },
    ],
)
def test_sound_of_a_telephone_has_fewer_bytes(session: dict[str, Any]) -> None:
    found = listening(host=({"type": "session.updated", "session": session},))
    found.client(json.dumps(appended("A" * (8_000 * 4 // 3))).encode())
    assert found.usage.audio_in == 10


def test_an_answer_that_ended_is_heard_by_the_next() -> None:
    found = listening(appended(SECOND))
    found.ended(Usage(input=100, output=5, audio_out=20))
    assert found.usage == Usage(input=105, audio_in=20, reported=False)


@given(
    st.binary()
    | st.sampled_from([b'{"delta":', b"[]", b'{"type":[],"delta":1}', b'"session."', b'{"session":3}'])
)
def test_whatever_is_said_nothing_breaks(message: bytes) -> None:
    found = Listening()
    found.client(message)
    found.host(message)
    found.host(b'"session.' + message)
    assert not found.usage.reported
