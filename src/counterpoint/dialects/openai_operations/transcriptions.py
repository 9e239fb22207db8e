"""Speech to text, in its own language or in English. Charged by tokens or by seconds.

Reference: platform.openai.com/docs/api-reference/audio. Answers in `json`, `verbose_json` and `diarized_json` say what
they used; `text`, `srt` and `vtt` are plain text and say nothing, so their usage stays unknown.
"""

from math import ceil
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.dialects.base import Door, Meter, Target
from counterpoint.dialects.openai_operations.meters import PassingMeter
from counterpoint.dialects.openai_operations.operation import Operation
from counterpoint.dialects.openai_operations.usage import usage_from


class OpenAITranscriptions(Operation):
    """Speech to text."""

    name = "openai-transcriptions"
    doors = (
        Door("POST", "/v1/audio/transcriptions", "transcribe"),
        Door("POST", "/v1/audio/translations", "transcribe"),
    )
    root = "/v1/audio"

    def meter(self, _body: bytes, _media_type: str, _target: Target) -> Meter:
        """Counts tokens or seconds."""
        return _HearingMeter()


class _HearingMeter(PassingMeter):
    def take(self, read: Any, body: bytes) -> bytes:
        usage = usage_from(read.usage)
        if not usage.reported and read.duration is not None and 0 <= read.duration < 2**32:
            usage = Usage(audio_seconds=ceil(read.duration))
        self.note(usage)
        return body
