import pytest

from counterpoint.knowledge.answers.reading import Word, read
from counterpoint.knowledge.answers.turning import turned_round


def _same(one: Word, other: Word) -> bool:
    return not one.stems.isdisjoint(other.stems)


@pytest.mark.parametrize(
    ("sentence", "quote", "expected"),
    [
        ("The man bit the dog.", "The dog bit the man.", True),
        ("The dog bit the man.", "The dog bit the man in the park.", False),
        ("The dog was chased by the man.", "The dog chased the man.", True),
        ("The man was chased by the dog.", "The dog chased the man.", False),
        ("Tea costs more than coffee.", "Coffee costs more than tea.", True),
        ("In the park, the dog chased the man.", "The dog chased the man in the park.", False),
        ("The head of the bank signs the deed.", "The deed is signed by the head of the bank.", False),
        ("The bank signs the deed.", "The deed signs the bank.", True),
    ],
)
def test_who_did_what_to_whom(sentence: str, quote: str, expected: bool) -> None:
    assert turned_round(read(sentence, "en"), [read(quote, "en")], _same) is expected
