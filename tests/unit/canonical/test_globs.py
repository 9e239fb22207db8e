"""Names of hosts and makers match as people write them."""

import pytest

from counterpoint.canonical.globs import fits


@pytest.mark.parametrize(
    ("name", "patterns", "matched"),
    [
        ("openai", ("openai",), True),
        ("openai", ("OpenAI",), True),
        ("OpenAI", ("openai",), True),
        ("azure-foundry", ("groq", "Azure-*"), True),
        ("azure-foundry", ("azure",), False),
        ("openai", (), False),
        ("", ("*",), True),
    ],
)
def test_a_name_fits_whatever_its_case(name: str, patterns: tuple[str, ...], matched: bool) -> None:
    assert fits(name, patterns) is matched
