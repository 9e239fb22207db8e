"""What is done to a true sentence: ways to say the same, and ways to say something false that looks alike.

The words here are the labelled set's own, not the checker's: what is measured must not be what was copied.
"""

import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

Edit = Callable[[str, str, random.Random], str | None]
"""A sentence, its language and a source of chance in; another sentence out, or `None` where it cannot be done."""

_WORDS = tomllib.loads(Path(__file__).with_name("citation_words.toml").read_text("utf-8"))
_MONTHS: Mapping[str, list[str]] = _WORDS["months"]
_SMALL: Mapping[str, Mapping[str, str]] = _WORDS["small"]
_OTHER_WORDS: Mapping[str, Mapping[str, str]] = _WORDS["same"]
_QUANTIFIERS: Mapping[str, Mapping[str, str]] = _WORDS["quantifiers"]
_MODALS: Mapping[str, Mapping[str, str]] = _WORDS["modals"]
_OPPOSITES: Mapping[str, Mapping[str, str]] = _WORDS["opposites"]
_DENY: Mapping[str, Mapping[str, str]] = _WORDS["deny"]
_AFFIRM: Mapping[str, Mapping[str, str]] = _WORDS["affirm"]
_NUMBER = re.compile(r"(?<![\w.,/-])\d[\d\u00a0\u202f]*(?:[., ]\d{3})*(?:[.,]\d+)?(?![\w/-]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,/-])(?:1[5-9]|20)\d\d(?![\w/-])")
_NAME = re.compile(r"(?<=[a-zéè,;] )(?:[A-ZÉ][a-zéèêëïôç]{2,}(?:[ -][A-ZÉ][a-zéèêëïôç]{2,})*)")
_PAREN = re.compile(r" ?\([^()]{3,80}\)")
_PASSIVE = re.compile(
    r"^(?P<what>[A-ZÉL][^,;.]{3,60}?) (?:est|fut|a été|était) (?P<did>\w+é)e?s? par (?P<who>[^,;.]{3,50})\.$"
)
_PASSIVE_ENGLISH = re.compile(
    r"^(?P<what>[A-Z][^,;.]{3,60}?) (?:is|was|were) (?P<did>\w+ed|written|made) by (?P<who>[^,;.]{3,50})\.$"
)


def names(text: str) -> list[str]:
    """Words with capitals within a sentence."""
    return [match.group() for match in _NAME.finditer(text)]


# -- the same in other words


def without_brackets(sentence: str, language: str, chance: random.Random) -> str | None:
    """Less is said."""
    shorter = _PAREN.sub("", sentence)
    return shorter if shorter != sentence else None


def moved(sentence: str, language: str, chance: random.Random) -> str | None:
    """`En 2003, X.` becomes `X en 2003.`"""
    head, comma, rest = sentence.partition(", ")
    begins = head.split(" ")[0].lower() in {
        "en",
        "dans",
        "au",
        "à",
        "pendant",
        "in",
        "during",
        "on",
        "after",
        "après",
        "depuis",
        "since",
    }
    if not comma or not begins or "," in rest or not 2 <= len(head.split()) <= 7:
        return None
    return f"{rest[0].upper()}{rest[1:].rstrip('.')} {head[0].lower()}{head[1:]}."


def respelled(sentence: str, language: str, chance: random.Random) -> str | None:
    """Numbers in another spelling."""
    out = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}\b)", "", sentence)
    out = re.sub(r"(?<=\d),(?=\d{3}\b)", "", out) if language == "en" else out
    out = re.sub(r"(?<=\d) ?%", " pour cent" if language == "fr" else " percent", out)
    out = re.sub(r"(?<=\d) ?€", " euros", out)
    for word, digits in _SMALL[language].items():
        out = re.sub(rf"\b{word}\b(?! (?:cent|mille|hundred|thousand))", digits, out)
    return out if out != sentence else None


def reworded(sentence: str, language: str, chance: random.Random) -> str | None:
    """Synonyms, as many as fit."""
    out = sentence
    for word, other in _OTHER_WORDS[language].items():
        out = re.sub(rf"\b{word}\b", other, out)
    return out if out != sentence else None


def active(sentence: str, language: str, chance: random.Random) -> str | None:
    """`X fut fondé par Y` becomes `Y a fondé X`."""
    match = (_PASSIVE if language == "fr" else _PASSIVE_ENGLISH).match(sentence)
    if not match:
        return None
    who, what = match["who"], match["what"]
    has = "a " if language == "fr" else ""
    first = what[0].lower() if what.split()[0] in _ARTICLES else what[0]
    return f"{who[0].upper()}{who[1:]} {has}{match['did']} {first}{what[1:]}."


_ARTICLES = {
    "Le",
    "La",
    "Les",
    "Un",
    "Une",
    "Ce",
    "Cette",
    "The",
    "A",
    "An",
    "This",
    "It",
    "Il",
    "Elle",
    "L'",
}


# -- something else


def other_number(sentence: str, language: str, chance: random.Random) -> str | None:
    """One number is another."""
    found = [match for match in _NUMBER.finditer(sentence) if not _YEAR.fullmatch(match.group())]
    if not found:
        return None
    match = chance.choice(found)
    written = match.group()
    place = chance.choice([index for index, sign in enumerate(written) if sign.isdigit()])
    digit = chance.choice([each for each in "123456789" if each != written[place]])
    return (
        sentence[: match.start()] + written[:place] + digit + written[place + 1 :] + sentence[match.end() :]
    )


def other_date(sentence: str, language: str, chance: random.Random) -> str | None:
    """Another year or month."""
    months = _MONTHS[language]
    here = [
        month for month in months if re.search(rf"\b{month}\b \d|\d(?:er|st|nd|rd|th)? {month}\b", sentence)
    ]
    years = [match.group() for match in _YEAR.finditer(sentence)]
    if here and (not years or chance.random() < 0.5):
        other = chance.choice([month for month in months if month not in here])
        return re.sub(rf"\b{here[0]}\b", other, sentence, count=1)
    if not years:
        return None
    year = chance.choice(years)
    other = str(int(year) + chance.choice([-11, -3, -1, 1, 2, 10]))
    return sentence.replace(year, other, 1) if other not in years else None


def denied(sentence: str, language: str, chance: random.Random) -> str | None:
    """Not what it says, or what it says not to be."""
    for pattern, plain in _AFFIRM[language].items():
        out = re.sub(pattern, plain, sentence, count=1)
        if out != sentence:
            return out
    if re.search(r"\b(?:pas|jamais|aucune?|ni|rien|not|no|never|nor|que)\b", sentence):
        return None
    return _replaced(sentence, _DENY[language], chance)


def other_quantifier(sentence: str, language: str, chance: random.Random) -> str | None:
    """All for some, at least for at most."""
    return _replaced(sentence, _QUANTIFIERS[language], chance)


def other_modal(sentence: str, language: str, chance: random.Random) -> str | None:
    """Must for may."""
    return _replaced(sentence, _MODALS[language], chance)


def opposite(sentence: str, language: str, chance: random.Random) -> str | None:
    """Before for after."""
    return _replaced(sentence, _OPPOSITES[language], chance)


def swapped_names(sentence: str, language: str, chance: random.Random) -> str | None:
    """Two names in each other's place, with a verb between them."""
    found = list(_NAME.finditer(sentence))
    for one, two in pairwise(found):
        between = sentence[one.end() : two.start()]
        words = between.split()
        listed = {",", "et", "ou", "and", "or"} & set(re.findall(r"[\w]+|,", between))
        if one.group() != two.group() and len(words) >= 2 and not listed:
            return sentence[: one.start()] + two.group() + between + one.group() + sentence[two.end() :]
    return None


def swapped_numbers(sentence: str, language: str, chance: random.Random) -> str | None:
    """Two numbers in each other's place."""
    found = list(_NUMBER.finditer(sentence))
    for one, two in pairwise(found):
        between = sentence[one.end() : two.start()]
        if one.group() != two.group() and len(between.split()) >= 3:
            return sentence[: one.start()] + two.group() + between + one.group() + sentence[two.end() :]
    return None


def _replaced(sentence: str, words: Mapping[str, str], chance: random.Random) -> str | None:
    found = [word for word in words if re.search(rf"\b{word}\b", sentence)]
    if not found:
        return None
    word = chance.choice(found)
    return re.sub(rf"\b{word}\b", words[word], sentence, count=1)


def other_name(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Somebody else."""
    mine = names(sentence)
    fresh = [name for name in others if not any(part in sentence for part in name.split())]
    if not mine or not fresh:
        return None
    return sentence.replace(chance.choice(mine), chance.choice(fresh), 1)


def other_word(sentence: str, others: Sequence[str], chance: random.Random) -> str | None:
    """A word of another sentence that ends alike: what rules on numbers and names cannot see."""
    words = re.findall(r"\b[a-zéèêàçîôû]{6,}\b", sentence)
    chance.shuffle(words)
    for word in words:
        fits = [
            each
            for each in others
            if each[-3:] == word[-3:] and each[:4] != word[:4] and each not in sentence
        ]
        if fits:
            return re.sub(rf"\b{word}\b", chance.choice(fits), sentence, count=1)
    return None


SAME: Mapping[str, Edit] = {
    "less said": without_brackets,
    "moved": moved,
    "numbers respelled": respelled,
    "synonyms": reworded,
    "active voice": active,
}
FALSE: Mapping[str, Edit] = {
    "number": other_number,
    "date": other_date,
    "negation": denied,
    "quantifier": other_quantifier,
    "obligation": other_modal,
    "opposite": opposite,
    "names swapped": swapped_names,
    "numbers swapped": swapped_numbers,
}
