import pytest

from counterpoint.knowledge.answers.tense import tense
from counterpoint.knowledge.answers.tokens import tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The firm will pay.", "future"),
        ("L'entreprise versera un dividende.", "future"),
        ("Les prix baisseront.", "future"),
        ("The firm sold its plant.", "past"),
        ("The firm launched a plan.", "past"),
        ("L'entreprise a versé un dividende.", "past"),
        ("Les prix avaient monté.", "past"),
        ("The firm sells its plant next year.", ""),
        ("The fee is refunded.", ""),
        ("Il va à Paris, à midi.", ""),
        ("L'opéra est ouvert le lundi.", "past"),
        ("The camera works.", ""),
    ],
)
def test_only_what_shows_by_itself_counts(text: str, expected: str) -> None:
    assert tense(text, tokens(text)) == expected
