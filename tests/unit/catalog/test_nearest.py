"""Typing errors find what was meant, also among very many names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.catalog.loading import load
from counterpoint.catalog.nearest import nearest

NAMES = [
    "openai/gpt-4o",
    "openai/gpt-4o-mini",
    "anthropic/claude-sonnet-4-5",
    "anthropic/claude-opus-4-1",
    "mistral/mistral-large-latest",
    "local/smollm2-135m-instruct",
    "gpt-4o",
    "claude-sonnet-4-5",
    "text-embedding-3-small",
]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gpt4o", "gpt-4o"),
        ("gtp-4o", "gpt-4o"),
        ("GPT 4o mini", "openai/gpt-4o-mini"),
        ("openia/gpt-4o", "openai/gpt-4o"),
        ("claude-sonet-4-5", "claude-sonnet-4-5"),
        ("sonnet 4.5", "claude-sonnet-4-5"),
        ("mistral-lage-latest", "mistral/mistral-large-latest"),
        ("smolm2", "local/smollm2-135m-instruct"),
        ("text-embeding-3-small", "text-embedding-3-small"),
        ("openai/claude-opus-4.1", "anthropic/claude-opus-4-1"),
    ],
)
def test_the_first_suggestion_is_what_was_meant(typed: str, meant: str) -> None:
    assert nearest(typed, NAMES)[0] == meant


@pytest.mark.parametrize("typed", ["", "---", "zzzzqqqq", "漢字", "\x00"])
def test_nothing_similar_gives_no_suggestion(typed: str) -> None:
    assert nearest(typed, NAMES) == []


def test_at_most_as_many_as_asked_for() -> None:
    assert len(nearest("gpt", NAMES, 2)) == 2
    assert nearest("gpt-4o", []) == []


def test_typing_errors_in_real_names_find_them() -> None:
    """Of every fortieth name of the catalogue, with two letters swapped in its middle: found among thousands."""
    names = [model.name for model in load().models if len(model.name) > 6]
    missed = []
    for name in names[::40]:
        middle = len(name) // 2
        typed = name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
        if name not in nearest(typed, names):
            missed.append((typed, nearest(typed, names)))
    assert len(missed) <= len(names[::40]) // 20, missed


@given(typed=st.text(max_size=300), names=st.lists(st.text(max_size=40), max_size=20))
def test_any_name_gets_an_answer_out_of_the_given_names(typed: str, names: list[str]) -> None:
    found = nearest(typed, names)
    assert len(found) <= 3
    assert set(found) <= set(names)


@given(st.sampled_from(NAMES))
def test_a_name_is_most_like_itself(name: str) -> None:
    assert nearest(name, NAMES)[0] == name
