"""What was heard is counted by tokens or seconds, or not known."""

import pytest

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_operations import OpenAITranscriptions


@pytest.mark.parametrize(
    ("answer", "usage"),
    [
        (b'{"text":"x"}', UNREPORTED),
        (b'{"text":"x","duration":36.7}', Usage(audio_seconds=37)),
        (b'{"text":"x","duration":36.7,"usage":{"type":"duration","seconds":38}}', Usage(audio_seconds=38)),
        (b'{"text":"x","duration":-1}', UNREPORTED),
    ],
)
def test_what_is_counted(answer: bytes, usage: Usage) -> None:
    meter = OpenAITranscriptions().meter(b"", "", Target("m"))
    assert meter.whole(answer) == answer
    assert meter.usage == usage
