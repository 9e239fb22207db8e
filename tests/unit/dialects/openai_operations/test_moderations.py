"""Moderation means a model of its own where none is named."""

import pytest

from counterpoint.canonical.errors import Refused
from counterpoint.dialects.openai_operations import OpenAIModerations, OpenAISpeech


def test_the_usual_model() -> None:
    assert OpenAIModerations().peek(b'{"input":"x"}', "application/json").model == "omni-moderation-latest"
    with pytest.raises(Refused):
        OpenAISpeech().peek(b'{"input":"x"}', "application/json")
