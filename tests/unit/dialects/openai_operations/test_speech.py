"""What was spoken is counted by characters, or by the tokens that the host reports."""

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.errors import Refused
from counterpoint.dialects.base import Meter, Target
from counterpoint.dialects.openai_operations import OpenAISpeech


def meter(body: bytes = '{"input":"Hé!","response_format":"opus"}'.encode()) -> Meter:
    return OpenAISpeech().meter(body, "application/json", Target("m"))


def test_characters_are_counted() -> None:
    assert meter().usage == Usage(characters=3)
    assert not meter(b"{}").usage.reported


def test_tokens_of_events() -> None:
    speaking = meter()
    speaking.event(b'{"type":"speech.audio.delta","audio":"x"}')
    speaking.event(b'{"type":"speech.audio.done","usage":{"input_tokens":4,"output_tokens":9}}')
    assert (speaking.usage, speaking.ended) == (Usage(input=4, audio_out=9), True)


def test_audio_in_json_becomes_the_audio() -> None:
    speaking = meter()
    assert speaking.whole(b'{"audio_data":"/+7dzA=="}') == b"\xff\xee\xdd\xcc"
    assert speaking.media_type == "audio/opus"


@pytest.mark.parametrize("body", [b"{}", b'{"audio_data":"a"}', b'{"audio_data":7}'])
def test_json_without_audio(body: bytes) -> None:
    with pytest.raises(Refused):
        meter().whole(body)
