"""Whether a sentence speaks of what has been or of what will be: one is no evidence of the other.

Only what shows by itself counts; a present may stand for either (`the firm sells its plant next year`).
"""

import re
from collections.abc import Sequence
from typing import Literal

from counterpoint.knowledge.answers.lexicon import lexicon
from counterpoint.knowledge.answers.tokens import Token

Tense = Literal["", "past", "future"]

_WILL = frozenset({"will", "won't", "sera", "seront", "aura", "auront"})
_WAS = frozenset({"was", "were", "had", "did", "has", "have", "fut", "furent", "avait", "avaient"})
_FUTURE = re.compile(r"\w{2,}(?:[ei]r|[dvur]r)(?:a|ont)")
_NO_VERBS = frozenset({"opera", "camera", "riviera", "sierra"})
_FRENCH_PAST = re.compile(
    r"(?:a|ont|est|sont) (?:été )?\w{2,}(?:é|i|u|is|it|ée|és|ées|ie|ue|ert)(?!\w)", re.IGNORECASE
)
_ENGLISH_PAST = re.compile(r"\w{2,}ed")
_BE = frozenset({"is", "are", "be", "been", "being", "get", "gets", "it's"})


def tense(text: str, pieces: Sequence[Token]) -> Tense:
    """As far as its verbs say."""
    words = [piece.folded for piece in pieces if piece.kind == "word"]
    if any(word in _WILL or (_FUTURE.fullmatch(word) and word not in _NO_VERBS) for word in words):
        return "future"
    before, known = ["", *words], lexicon().past
    past = any(
        word in _WAS or ((word in known or _ENGLISH_PAST.fullmatch(word)) and before[index] not in _BE)
        for index, word in enumerate(words)
    )
    return "past" if past or _FRENCH_PAST.search(text) else ""
