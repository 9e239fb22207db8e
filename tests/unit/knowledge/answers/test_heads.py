import pytest

from counterpoint.knowledge.answers.heads import beheaded
from counterpoint.knowledge.answers.reading import Word, read


def _same(one: Word, other: Word) -> bool:
    return not one.stems.isdisjoint(other.stems)


def _found(sentence: str, quote: str) -> list[str]:
    return [word.folded for word in beheaded(read(sentence, "en"), [read(quote, "en")], _same)]


@pytest.mark.parametrize(
    ("sentence", "quote", "expected"),
    [
        ("The director owns the house.", "The wife of the director owns the house.", ["director"]),
        ("Alice bought the land.", "A company owned by Alice bought the land.", ["alice"]),
        ("Alice hates Carol.", "Alice loves Bob, who hates Carol.", ["hates"]),
        ("Bob hates Carol.", "Alice loves Bob, who hates Carol.", []),
        ("The wife of the director owns the house.", "The wife of the director owns the house.", []),
        ("The trial lasts 3 months.", "The time of the trial lasts 3 months.", []),
        ("Paris pays.", "The city of Paris pays.", []),
        ("The house is sold.", "The director sold the house.", []),
        ("", "The director sold the house.", []),
    ],
)
def test_of_whom_a_sentence_speaks(sentence: str, quote: str, expected: list[str]) -> None:
    assert _found(sentence, quote) == expected
