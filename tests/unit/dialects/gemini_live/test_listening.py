"""One session overheard."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.dialects.gemini_live.listening import Listening


def sound(size: int) -> dict[str, str]:
    return {"mimeType": "audio/pcm", "data": "A" * (size * 4 // 3)}


def test_a_second_is_twenty_five_tokens() -> None:
    found = Listening()
    client: list[Any] = [
        {"realtimeInput": {"audio": sound(32_000)}},
        {"clientContent": {"turns": [{"parts": [{"text": "x" * 8}]}]}},
    ]
    host: list[Any] = [
        {"serverContent": {"modelTurn": {"parts": [{"inlineData": sound(48_000)}, {"text": "x" * 4}]}}},
        {"serverContent": {"inputTranscription": {"text": "x" * 400}}},
    ]
    for message in client:
        found.client(json.dumps(message).encode())
    for message in host:
        found.host(json.dumps(message).encode())
    assert found.usage.audio_in in (25, 26)
    assert found.usage.audio_out in (25, 26)
    assert (found.usage.input, found.usage.output) == (2, 1)
    found.ended(Usage(input=100, output=5, audio_out=20))
    assert found.usage == Usage(input=105, audio_in=20, reported=False)


@given(
    st.binary() | st.sampled_from([b"[]", b'{"serverContent":3}', b'{"serverContent":{"modelTurn":[{}]}}'])
)
def test_whatever_is_said_nothing_breaks(message: bytes) -> None:
    found = Listening()
    found.client(message)
    found.host(message)
    found.host(b'"modelTurn"' + message)
    assert not found.usage.reported
