"""The word lists of `words.toml`, as what asks for them needs them."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from counterpoint.knowledge.text.folding import folded

Language = Literal["fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


def languages_for(language: str) -> tuple[Language, ...]:
    """Which languages' rules hold for a text in this one: both where it is unknown or neither."""
    return tuple(one for one in LANGUAGES if one == language) or LANGUAGES


@cache
def _lists() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("counterpoint.knowledge.text") / "words.toml").read_text("utf-8"))


@cache
def stop_words(language: Language) -> frozenset[str]:
    """In lower case, and without accents too: who types `a` for `à` means no more by it."""
    words = _lists()[language]["stop"].split()
    return frozenset(words) | frozenset(map(folded, words))


@cache
def telling_words() -> tuple[Mapping[Language, frozenset[str]], frozenset[str]]:
    """The stop words that only French or only English has, and those of other languages around."""
    sets = {language: stop_words(language) for language in LANGUAGES}
    others = frozenset(_lists()["others"]["stop"].split())
    shared = Counter(word for words in sets.values() for word in words)
    return {
        name: frozenset(word for word in words if shared[word] == 1) for name, words in sets.items()
    }, others


@cache
def abbreviations(kind: Literal["never", "number", "perhaps"], language: str) -> frozenset[str]:
    """As written, in lower case and with a capital."""
    words = [word for one in languages_for(language) for word in _lists()[one][kind].split()]
    return frozenset(words) | frozenset(word[:1].upper() + word[1:] for word in words)


@cache
def openers(language: str) -> frozenset[str]:
    """Capitalised stop words: with one of them a sentence begins."""
    return frozenset(
        word.capitalize()
        for one in languages_for(language)
        for word in stop_words(one)
        if len(word) > 1 or word == "à"
    )
