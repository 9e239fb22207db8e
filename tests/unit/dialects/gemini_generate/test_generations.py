"""What a model's name tells of its generation."""

import pytest

from counterpoint.dialects.gemini_generate.generations import Generation, generation_of


@pytest.mark.parametrize(
    ("model", "generation"),
    [
        ("gemini-3-pro-preview", Generation("levels", always=True, signed=True)),
        ("gemini-3.5-flash", Generation("levels", always=True, signed=True)),
        ("models/gemini-2.5-pro", Generation("budget", always=True)),
        ("gemini-2.5-flash-lite", Generation("budget")),
        ("gemini-2.0-flash", Generation("no")),
        ("gemini-1.5-pro", Generation("no")),
        ("gemma-3-27b-it", Generation("no")),
        ("gemini-flash-latest", Generation("levels", always=True)),
    ],
)
def test_of_a_name(model: str, generation: Generation) -> None:
    assert generation_of(model) == generation
