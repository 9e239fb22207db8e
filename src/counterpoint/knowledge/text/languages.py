"""Which language a text is in, by the small words that only that language has."""

import re
from collections import Counter
from typing import Final

from counterpoint.knowledge.text.lists import telling_words

_WORDS: Final = re.compile(r"[^\W\d_]+")
_ENOUGH: Final = 20_000
"""Characters: what a document's first pages do not tell, its last ones will not."""
_LEAD: Final = 2
_FRENCH_LETTERS: Final = re.compile("[éèêàçùâîôûœëï]", re.IGNORECASE)


def language_of(text: str) -> str:
    """`fr`, `en`, or empty: too short to tell, both as much, or another language."""
    counts = Counter(_WORDS.findall(text[:_ENOUGH].lower()))
    own, others = telling_words()
    french = sum(count for word, count in counts.items() if word in own["fr"] and word not in others)
    french_too = sum(count for word, count in counts.items() if word in own["fr"] and word in others)
    english = sum(count for word, count in counts.items() if word in own["en"])
    foreign = sum(count for word, count in counts.items() if word in others and word not in own["fr"])
    scores = {"fr": french + french_too, "en": english, "": foreign}
    if not english and not foreign and not french + french_too:
        return "fr" if _FRENCH_LETTERS.search(text) and len(counts) > 1 else ""
    best = max(scores, key=lambda name: scores[name])
    rest = max(score for name, score in scores.items() if name != best)
    return best if scores[best] >= _LEAD * rest else ""
