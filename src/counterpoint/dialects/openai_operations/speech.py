"""Text to speech. The answer is the audio itself, or events that carry pieces of it; charged by characters or tokens.

Reference: platform.openai.com/docs/api-reference/audio/createSpeech. Mistral serves the same request at the same path
and puts the audio into JSON (docs.mistral.ai, audio/speech): its clients of OpenAI's kind want the audio.
"""

from binascii import a2b_base64
from typing import Any

from counterpoint.canonical import Usage
from counterpoint.canonical.usage import UNREPORTED
from counterpoint.dialects.base import Door, Meter, Target
from counterpoint.dialects.jsonio import not_an_answer
from counterpoint.dialects.openai_operations.bodies import texts
from counterpoint.dialects.openai_operations.meters import PassingMeter
from counterpoint.dialects.openai_operations.operation import Operation
from counterpoint.dialects.openai_operations.usage import usage_from

MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "opus": "audio/opus",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "pcm": "audio/pcm",
}


class OpenAISpeech(Operation):
    """Text to speech."""

    name = "openai-speech"
    doors = (Door("POST", "/v1/audio/speech", "speak"),)
    root = "/v1/audio/speech"

    def meter(self, body: bytes, media_type: str, _target: Target) -> Meter:
        """Counts the characters of the text, or what tokens the answer reports."""
        said = texts(body, media_type, "input", "response_format")
        text = said.get("input", "")
        counted = Usage(characters=len(text)) if text else UNREPORTED
        return _SpeakingMeter(counted, said.get("response_format", "mp3"))


class _SpeakingMeter(PassingMeter):
    def __init__(self, counted: Usage, form: str) -> None:
        super().__init__(counted)
        self._form = form

    def take(self, read: Any, body: bytes) -> bytes:
        self.note(usage_from(read.usage, spoken="audio_out"))
        if read.audio_data is None:
            raise not_an_answer("dialects.upstream.missing", path="audio_data")
        self.media_type = MEDIA_TYPES.get(self._form, "application/octet-stream")
        try:
            return a2b_base64(read.audio_data)
        except ValueError as error:
            raise not_an_answer("dialects.upstream.missing", path="audio_data") from error

    def last(self, event: Any) -> None:
        self.note(usage_from(event.usage, spoken="audio_out"))
