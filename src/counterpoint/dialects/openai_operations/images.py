"""Images: made from words, edited, varied. Charged by tokens, or by the piece of a size and quality.

Reference: platform.openai.com/docs/api-reference/images and /images-streaming; edits come as a form with files, or as
JSON with addresses.
"""

from typing import Any

from counterpoint.canonical import Usage
from counterpoint.dialects.base import Door, Meter, Target
from counterpoint.dialects.openai_operations.bodies import texts
from counterpoint.dialects.openai_operations.meters import PassingMeter
from counterpoint.dialects.openai_operations.operation import Operation
from counterpoint.dialects.openai_operations.usage import usage_from

USUAL_SIZE = "1024x1024"


class OpenAIImages(Operation):
    """Words and pictures to pictures."""

    name = "openai-images"
    doors = (
        Door("POST", "/v1/images/generations", "image"),
        Door("POST", "/v1/images/edits", "image"),
        Door("POST", "/v1/images/variations", "image"),
    )
    root = "/v1/images"
    usual = "dall-e-2"  # as the reference says of `model`

    def meter(self, body: bytes, media_type: str, _target: Target) -> Meter:
        """Counts tokens or pictures."""
        return _PictureMeter(unit=_kind(texts(body, media_type, "quality", "size")))


def _kind(said: dict[str, Any]) -> str:
    size, quality = said.get("size"), said.get("quality")
    size = size if isinstance(size, str) and size not in ("", "auto") else USUAL_SIZE
    return f"{quality}/{size}" if isinstance(quality, str) and quality not in ("", "auto") else size


class _PictureMeter(PassingMeter):
    def take(self, read: Any, body: bytes) -> bytes:
        usage = usage_from(read.usage, spoken="image_out")
        if not usage.reported and read.data:
            usage = Usage(images=len(read.data))
        self.note(usage)
        self._answered_as(read)
        return body

    def note(self, usage: Usage) -> None:
        if usage.reported:
            self.usage = usage

    def last(self, event: Any) -> None:
        """A picture streamed: its event alone says what it was."""
        usage = usage_from(event.usage, spoken="image_out")
        self.note(usage if usage.reported else Usage(images=1))
        self._answered_as(event)

    def _answered_as(self, said: Any) -> None:
        if isinstance(said.size, str):
            self.unit = _kind({"size": said.size, "quality": said.quality})
