"""What a model takes, read from its name and corrected by its host's quirks."""

import pytest

from counterpoint.dialects.anthropic_messages.generations import generation_of, version_of
from counterpoint.dialects.base import Target


@pytest.mark.parametrize(
    ("model", "version"),
    [
        ("claude-3-5-haiku-latest", (3, 5)),
        ("claude-3-7-sonnet-20250219", (3, 7)),
        ("claude-sonnet-4-20250514", (4, 0)),
        ("claude-opus-4-1", (4, 1)),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", (4, 5)),
        ("claude-opus-4-5@20251101", (4, 5)),
        ("anthropic/claude-opus-4.6", (4, 6)),
        ("claude-opus-5", (5, 0)),
        ("claude-instant", None),
        ("glm-4.6", None),
    ],
)
def test_the_version_is_in_the_name(model: str, version: tuple[int, int] | None) -> None:
    assert version_of(model) == version


def test_generations_differ() -> None:
    assert generation_of(Target("claude-3-5-haiku-latest")).thinking == "none"
    assert generation_of(Target("claude-sonnet-4-5")).thinking == "budget"
    assert not generation_of(Target("claude-sonnet-4-5")).both_samplers
    assert generation_of(Target("claude-sonnet-4-6")).thinking == "adaptive"
    assert generation_of(Target("claude-sonnet-4-6")).sampling
    assert not generation_of(Target("claude-opus-4-7")).sampling
    assert not generation_of(Target("claude-opus-4-7")).thinks_unasked
    assert generation_of(Target("claude-sonnet-5")).thinks_unasked
    assert generation_of(Target("claude-opus-4-1")).structured
    assert not generation_of(Target("claude-sonnet-4-0")).structured


def test_only_the_maker_of_signatures_verifies_them() -> None:
    assert generation_of(Target("claude-3-5-haiku")).verifies
    assert generation_of(Target("anthropic/claude-instant")).verifies
    assert not generation_of(Target("minimax-m2")).verifies
    assert not generation_of(Target("claude-opus-5", quirks=frozenset({"unsigned_thinking"}))).verifies


def test_a_hosts_quirks_have_the_last_word() -> None:
    quirks = frozenset({"adaptive_thinking", "no_sampling", "no_json_schema"})
    generation = generation_of(Target("minimax-m2", quirks=quirks))
    assert generation.thinking == "adaptive"
    assert not generation.sampling
    assert not generation.structured
    assert generation_of(Target("x", quirks=frozenset({"other"}))) == generation_of(Target("x"))
