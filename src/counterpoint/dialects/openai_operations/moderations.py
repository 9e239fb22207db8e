"""Moderation: whether a text or a picture is of a kind that somebody forbids.

Reference: platform.openai.com/docs/api-reference/moderations; Mistral serves the same at the same path.
"""

from counterpoint.dialects.base import Door, Meter, Target
from counterpoint.dialects.openai_operations.meters import PassingMeter
from counterpoint.dialects.openai_operations.operation import Operation


class OpenAIModerations(Operation):
    """Verdicts on texts and pictures."""

    name = "openai-moderations"
    doors = (Door("POST", "/v1/moderations", "moderate"),)
    root = "/v1/moderations"
    usual = "omni-moderation-latest"  # as the reference says of `model`

    def meter(self, _body: bytes, _media_type: str, _target: Target) -> Meter:
        """Counts what the answer reports, which few hosts do."""
        return PassingMeter()
