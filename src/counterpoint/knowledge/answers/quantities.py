"""Numbers, amounts, dates and ordinals of a text, as values: `1 200 €`, `€1,200` and `1200 euros` are one."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal
from unicodedata import category

import msgspec

from counterpoint.knowledge.answers.lexicon import Lexicon, lexicon
from counterpoint.knowledge.answers.tokens import Token, at

_SUFFIXES = {"er", "re", "e", "eme", "nd", "nde", "st", "rd", "th"}
_LINKS = {"et", "ou", "a", "and", "or", "to", "-", "\u2013", ",", "/", "sur", "of"}
_TO = frozenset({"to", "a", "through", "-", "\u2013", "\u2014"})
_BETWEEN = frozenset({"entre", "between"})
_PER = frozenset({"/", "per", "par", "a", "an", "each", "every", "chaque"})
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_STEPS: dict[str, Literal["by", "to"]] = {"by": "by", "de": "by", "d'": "by", "to": "to", "a": "to"}
_STEP_REACH = 4
_CHANGES = (
    "rise",
    "rose",
    "fall",
    "fell",
    "increas",
    "decreas",
    "grow",
    "grew",
    "drop",
    "declin",
    "climb",
    "lower",
    "reduc",
    "rais",
    "cut",
    "augment",
    "baiss",
    "diminu",
    "progress",
    "recul",
    "chut",
    "croi",
    "cru",
    "hauss",
    "mont",
    "ramen",
    "port",
    "relev",
)
"""How words of change begin."""
_PARTS = {
    ("minute", "second"): 60,
    ("hour", "minute"): 60,
    ("day", "hour"): 24,
    ("week", "day"): 7,
    ("year", "month"): 12,
}
"""How many of the second the first has."""
_APART = re.compile(r"[-/.]")
_GAPS = re.compile(r"[ \u00a0\u202f'\u2019]")
_YEARS = range(1000, 2101)

Day = tuple[int | None, int | None, int | None]
"""Year, month, day, as far as they are said."""


class Quantity(msgspec.Struct, frozen=True):
    """`values`, `days`: what it may mean (`1,200` is 1200 in English and 1.2 in French, `05/06/2024` May or June).
    `written`: its digits, with one sign for the point, where it is written in digits. `first` to `last`: its tokens,
    the unit included. `measure`: what is said of it (`at_least`, `about` …); `from` and `to` of a range's ends.
    `told`: the tokens that say so, from and to. `step`: `fell by 5 %` is not `fell to 5 %`."""

    kind: Literal["number", "ordinal", "date"]
    first: int
    last: int
    values: frozenset[Decimal] = frozenset()
    unit: str = ""
    days: frozenset[Day] = frozenset()
    measure: str = ""
    written: str = ""
    told: tuple[int, int] = (0, 0)
    step: Literal["", "by", "to"] = ""


def quantities(pieces: Sequence[Token], language: str = "") -> list[Quantity]:
    """All that tokens say, in order."""
    words = lexicon()
    found: list[Quantity] = []
    index = 0
    while index < len(pieces):
        one = _date(pieces, index, words, language) or _number(pieces, index, words, language)
        if one:
            found.append(one)
        index = one.last if one else index + 1
    shared = [_stepped(one, pieces) for one in _summed(_shared(found, pieces), pieces)]
    return _ranges([_measured(one, pieces, words) for one in shared], pieces)


def matches(claimed: Quantity, said: Quantity) -> bool:
    """Whether the one is what the other says, or less exact than it. What may mean two things is only itself."""
    if claimed.kind == "date" or said.kind == "date":
        ambiguous = len(claimed.days) > 1 or len(said.days) > 1
        if claimed.kind == said.kind == "date" and ambiguous:
            return bool(claimed.written) and claimed.written == said.written
        return may_be(claimed, said)
    if claimed.kind != said.kind or not _is_unit(claimed.unit, said.unit):
        return False
    if claimed.values.isdisjoint(said.values):
        return False
    if claimed.written and claimed.written == said.written:
        return True
    exact = not claimed.unit and len(claimed.values) == len(said.values) == 1
    if exact and claimed.written and said.written:
        # A section, a version: 4.2 is not 4.20.
        return False
    return max(claimed.values, key=abs) == max(said.values, key=abs)


def may_be(one: Quantity, other: Quantity) -> bool:
    """Whether some reading of the one is some reading of the other, or less exact than it."""
    if one.kind == "date":
        return other.kind == "date" and any(
            all(mine is None or mine == theirs for mine, theirs in zip(first, second, strict=True))
            for first in one.days
            for second in other.days
        )
    if other.kind == "date":
        years = {Decimal(day[0]) for day in other.days if day[0]}
        return one.kind == "number" and not one.unit and not years.isdisjoint(one.values)
    return one.kind == other.kind and one.unit == other.unit and not one.values.isdisjoint(other.values)


def _is_unit(claimed: str, said: str) -> bool:
    """`degree` is said of `degree c`, too."""
    return claimed == said or bool(claimed and said.startswith(f"{claimed} "))


def each_time(one: Quantity) -> Quantity:
    """Without what it is for each."""
    return msgspec.structs.replace(one, unit=one.unit.partition("/")[0])


def is_year(one: Quantity) -> bool:
    """A bare number that may be one."""
    return one.kind == "number" and not one.unit and any(value in _YEARS for value in one.values)


def _date(pieces: Sequence[Token], index: int, words: Lexicon, language: str) -> Quantity | None:
    piece = pieces[index]
    if piece.kind == "date":
        parts = [int(part) for part in _APART.split(piece.folded)]
        days = _days(parts, iso="-" in piece.folded, language=language)
        return Quantity("date", index, index + 1, days=days, written="/".join(map(str, parts)))
    if piece.kind == "number":
        return _day_first(pieces, index, words)
    if piece.kind == "word" and piece.folded in words.months:
        return _month_first(pieces, index, words)
    return None


def _days(parts: Sequence[int], *, iso: bool, language: str) -> frozenset[Day]:
    """`2019-05-12`, `12/05/2019`, which in America is December and in French is not."""
    if iso:
        return frozenset({(parts[0], parts[1], parts[2])})
    day, month, year = parts
    usual = (year, month, day)
    both = {usual} if language == "fr" and _exists(*usual) else {usual, (year, day, month)}
    return frozenset(each for each in both if _exists(*each)) or frozenset({usual})


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _day_first(pieces: Sequence[Token], index: int, words: Lexicon) -> Quantity | None:
    """`12 mai 2019`, `1er mai`, `12th of May`."""
    day, after = _small(pieces, index, 31), index + 1
    while after < len(pieces) and pieces[after].folded in _SUFFIXES | {"of"}:
        after += 1
    if day is None or after >= len(pieces) or pieces[after].folded not in words.months:
        return None
    month = words.months[pieces[after].folded]
    last = after + 1
    if last < len(pieces) and pieces[last].folded == ".":
        last += 1
    year = _year(pieces, last)
    return Quantity("date", index, last + 1 if year else after + 1, days=frozenset({(year, month, day)}))


def _month_first(pieces: Sequence[Token], index: int, words: Lexicon) -> Quantity | None:
    """`May 12, 2019`, `mai 2019`, `en mai`."""
    month, after = words.months[pieces[index].folded], index + 1
    day = _small(pieces, after, 31)
    if day is not None:
        after += 1
        while after < len(pieces) and pieces[after].folded in _SUFFIXES | {","}:
            after += 1
        year = _year(pieces, after)
        last = after + 1 if year else after
        return Quantity("date", index, last, days=frozenset({(year, month, day)}))
    if year := _year(pieces, after):
        return Quantity("date", index, after + 1, days=frozenset({(year, month, None)}))
    before = pieces[index - 1].folded if index else ""
    if before in {"en", "de", "in", "of", "debut", "fin", "mi", "since", "depuis", "by", "until"}:
        return Quantity("date", index, after, days=frozenset({(None, month, None)}))
    return None


def _small(pieces: Sequence[Token], index: int, most: int) -> int | None:
    if index >= len(pieces) or pieces[index].kind != "number" or not pieces[index].folded.isdigit():
        return None
    value = int(pieces[index].folded)
    return value if 1 <= value <= most else None


def _year(pieces: Sequence[Token], index: int) -> int | None:
    value = _small(pieces, index, 2100)
    return value if value and value >= 1000 else None


def _number(pieces: Sequence[Token], index: int, words: Lexicon, language: str) -> Quantity | None:
    piece, written = pieces[index], ""
    if piece.kind == "number":
        values, written = _values(piece.folded, language)
        after = index + 1
        if after < len(pieces) and pieces[after].start == piece.end and pieces[after].folded in _SUFFIXES:
            return Quantity("ordinal", index, after + 1, values, _century(pieces, after + 1, words)[1])
        if index and pieces[index - 1].folded in {"-", "\u2212"} and pieces[index - 1].kind == "sign":
            values, written = frozenset(-value for value in values), f"-{written}"
    elif piece.kind == "word":
        named = _named(pieces, index, words)
        if named is None:
            return _ordinal(pieces, index, words)
        values, after = named
    else:
        return None
    values, scaled = _scaled(values, pieces, after, words)
    unit, last = _unit(pieces, index, scaled, words)
    unit = _rated(unit, last, pieces, words)
    return Quantity("number", index, last, values, unit, written=written if scaled == after else "")


def _values(text: str, language: str) -> tuple[frozenset[Decimal], str]:
    """Of digits with separators, and how they are written."""
    plain = _GAPS.sub("", text)
    separators = [sign for sign in plain if not sign.isdigit()]
    if not separators:
        return frozenset({Decimal(plain)}), plain
    last = separators[-1]
    whole = Decimal("".join(sign for sign in plain if sign.isdigit()))
    head, _, tail = plain.rpartition(last)
    digits = "".join(sign for sign in head if sign.isdigit())
    written = f"{digits or 0}.{tail}"
    point = Decimal(written).normalize()
    if len(separators) > 1:
        same = len(set(separators)) == 1
        return (frozenset({whole}), str(whole)) if same else (frozenset({point}), written)
    if len(tail) != 3 or plain != text or head.startswith("0"):
        return frozenset({point}), written
    if language == "en":
        return (frozenset({whole}), str(whole)) if last == "," else (frozenset({point}), written)
    return frozenset({whole, point}), written


def _named(pieces: Sequence[Token], index: int, words: Lexicon) -> tuple[frozenset[Decimal], int] | None:
    """`vingt-cinq`, `two hundred`, `une centaine`, `half`."""
    word = pieces[index].folded
    if word in words.groups:
        return frozenset({Decimal(words.groups[word])}), index + 1
    if word in words.shares:
        return frozenset({Decimal(str(words.shares[word]))}), index + 1
    total, part, after, any_ = 0, 0, index, False
    while after < len(pieces):
        word = pieces[after].folded
        if word in words.numbers:
            value = words.numbers[word]
            if value in {100, 1000}:
                part = max(part, 1) * value
                total, part = (total + part, 0) if value == 1000 else (total, part)
            elif any_ and part % 100 == 80 and value < 20:
                part += value
            elif word in {"vingt", "vingts"} and part == 4:
                part = 80
            elif any_ and part and not _fits(part, value):
                break
            else:
                part += value
            any_, after = True, after + 1
        elif any_ and word in {"-", "et", "and"} and _continues(pieces, after, words, part):
            after += 1
        else:
            break
    return (frozenset({Decimal(total + part)}), after) if any_ else None


def _fits(part: int, value: int) -> bool:
    """Whether the smaller number goes on the greater: `vingt` and `cinq`, not `cinq` and `six`."""
    if part % 100 in {60, 80}:
        return value < 20
    return part % 10 == 0 and value < 10 if part % 100 else value < 100


def _continues(pieces: Sequence[Token], index: int, words: Lexicon, part: int) -> bool:
    if index + 1 >= len(pieces):
        return False
    after = words.numbers.get(pieces[index + 1].folded)
    if after is None:
        return False
    if pieces[index].folded == "-":
        return pieces[index].end == pieces[index + 1].start
    return after < 100 and part % 100 == 0 if part >= 100 else part >= 20 and after == 11


def _ordinal(pieces: Sequence[Token], index: int, words: Lexicon) -> Quantity | None:
    word = pieces[index].folded
    if word in words.ordinals:
        return Quantity("ordinal", index, index + 1, frozenset({Decimal(words.ordinals[word])}))
    last, unit = _century(pieces, index + 1, words)
    numeral = word.removesuffix("eme").removesuffix("e")
    if unit and numeral and all(letter in _ROMAN for letter in numeral):
        return Quantity("ordinal", index, last, frozenset({Decimal(_roman(numeral))}), unit)
    return None


def _century(pieces: Sequence[Token], index: int, words: Lexicon) -> tuple[int, str]:
    here = at(pieces, index, words.units) if index < len(pieces) else None
    return (index + here[0], here[1]) if here and here[1] == "century" else (index, "")


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def _scaled(
    values: frozenset[Decimal], pieces: Sequence[Token], index: int, words: Lexicon
) -> tuple[frozenset[Decimal], int]:
    scale = words.scales.get(pieces[index].folded) if index < len(pieces) else None
    if scale is None:
        return values, index
    return frozenset((value * scale).normalize() for value in values), index + 1


def _unit(pieces: Sequence[Token], index: int, after: int, words: Lexicon) -> tuple[str, int]:
    """What follows the number, or a currency's sign before it."""
    step = after
    while step < len(pieces) and step < after + 2 and pieces[step].folded in {"d'", "de", "-"}:
        step += 1
    here = at(pieces, step, words.units) if step < len(pieces) else None
    if here and not (len(pieces[step].folded) == 1 and pieces[step].kind == "word" and step != after):
        return here[1], step + here[0]
    if step < len(pieces) and _is_money(pieces[step]):
        return pieces[step].folded, step + 1
    if index and _is_money(pieces[index - 1]):
        before = at(pieces, index - 1, words.units)
        return before[1] if before else pieces[index - 1].folded, after
    return "", after


def _rated(unit: str, after: int, pieces: Sequence[Token], words: Lexicon) -> str:
    """`50 km/h`, `10 € par mois`, `5 days a week`: so much of it for each. Its words stay words."""
    while unit and after + 1 < len(pieces) and pieces[after].folded in _PER:
        here = at(pieces, after + 1, words.units)
        if here is None or pieces[after + 1].kind != "word":
            break
        unit, after = f"{unit}/{here[1]}", after + 1 + here[0]
    return unit


def _is_money(piece: Token) -> bool:
    return piece.kind == "sign" and len(piece.folded) == 1 and category(piece.folded) == "Sc"


def _shared(found: list[Quantity], pieces: Sequence[Token]) -> list[Quantity]:
    """`2 ou 3 mois`: the unit is both numbers'."""
    out = list(found)
    for place in range(len(out) - 2, -1, -1):
        one, after = out[place], out[place + 1]
        between = {piece.folded for piece in pieces[one.last : after.first] if not _is_money(piece)}
        joined = between and between <= _LINKS
        if one.kind == after.kind == "number" and not one.unit and after.unit and joined and not is_year(one):
            out[place] = msgspec.structs.replace(one, unit=after.unit)
    return out


def _summed(found: list[Quantity], pieces: Sequence[Token]) -> list[Quantity]:
    """`2 hours 30 minutes` is one length of time: 150 minutes."""
    out: list[Quantity] = []
    for one in found:
        before = out[-1] if out else None
        parts = _PARTS.get((before.unit, one.unit)) if before else None
        between = {piece.folded for piece in pieces[before.last : one.first]} if before else set()
        if before and parts and between <= {"et", "and"} and max(one.values) < parts:
            values = frozenset(great * parts + small for great in before.values for small in one.values)
            out[-1] = Quantity("number", before.first, one.last, values, one.unit)
        else:
            out.append(one)
    return out


def _stepped(one: Quantity, pieces: Sequence[Token]) -> Quantity:
    """What came up or down, by so much or to so much."""
    first = one.first - 1 - (one.first > 1 and _is_money(pieces[one.first - 1]))
    word = pieces[first].folded if first >= 0 else ""
    if word not in _STEPS or one.kind != "number" or is_year(one):
        return one
    near = (piece.folded for piece in pieces[max(0, first - _STEP_REACH) : first])
    changed = any(piece.startswith(_CHANGES) for piece in near)
    return msgspec.structs.replace(one, step=_STEPS[word]) if changed else one


def _ranges(found: list[Quantity], pieces: Sequence[Token]) -> list[Quantity]:
    """`35 to 39`, `entre 35 et 39`: neither end is what is said, but both."""
    out = list(found)
    for place in range(len(out) - 1):
        one, after = out[place], out[place + 1]
        between = [piece.folded for piece in pieces[one.last : after.first] if not _is_money(piece)]
        opened = one.first > 0 and pieces[one.first - 1].folded in _BETWEEN
        linked = len(between) == 1 and (between[0] in _TO or (opened and between[0] in {"et", "and"}))
        rising = one.kind == after.kind == "number" and max(one.values) < max(after.values)
        if linked and rising and one.unit == after.unit and not (is_year(one) and is_year(after)):
            out[place] = msgspec.structs.replace(one, measure=one.measure or "from")
            out[place + 1] = msgspec.structs.replace(after, measure=after.measure or "to")
    return out


def _measured(one: Quantity, pieces: Sequence[Token], words: Lexicon) -> Quantity:
    """With what is said of it right before or after."""
    for start in range(max(0, one.first - 5), one.first):
        here = at(pieces, start, words.measures)
        gap = pieces[start + here[0] : one.first] if here else ()
        if here and all(
            piece.kind == "sign"
            or piece.folded in {"a", "de", "d'", "of", "est", "is", "la", "le", "les", "the"}
            for piece in gap
        ):
            return msgspec.structs.replace(one, measure=here[1], told=(start, start + here[0]))
    for start in range(one.last, min(len(pieces), one.last + 3)):
        here = at(pieces, start, words.measures)
        if here and here[1] in {"at_least", "at_most"} and pieces[start].kind == "word":
            return msgspec.structs.replace(one, measure=here[1], told=(start, start + here[0]))
    return one
