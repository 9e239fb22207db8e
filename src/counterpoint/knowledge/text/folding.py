"""Letters as a reader without accents types them: `Élève` is `eleve`, `œuvre` is `oeuvre`."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_LIGATURES: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
_MARKS: Final = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
"""Accents on their own, and what is not seen at all: soft hyphens, joiners of no width."""


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """In lower case, without accents, ligatures taken apart, of one width."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_LIGATURES)
    return _MARKS.sub("", plain)
