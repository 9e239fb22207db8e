"""Whether words stand together in a sentence as they do in the quotation.

The same words in another order can say something else: who beat whom, which year had which figure. So what a sentence
puts side by side must be side by side in the quotation, too: each word, number, name and sign of meaning needs one
neighbour that it has there. Leaving something out, or moving a date to the other end, tears no more than one of two.
"""

from collections.abc import Callable, Container, Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from counterpoint.knowledge.answers.quantities import Quantity, is_year, matches
from counterpoint.knowledge.answers.reading import Reading, Word
from counterpoint.knowledge.answers.tokens import Token

Same = Callable[[Word, Word], bool]
Place = tuple[int, int]
"""Which of the quoted sentences, and which item of it."""
_ENDS = 1
"""How often a sentence may go on elsewhere in the quotation than where it stopped."""
_REACH = 4
"""Items: of what the quotation says between two words, that much may be left out on either side."""


_BY = frozenset({"par", "by"})
_AT = frozenset(
    {
        "en",
        "a",
        "au",
        "aux",
        "dans",
        "in",
        "at",
        "on",
        "pendant",
        "during",
        "depuis",
        "since",
        "after",
        "apres",
    }
)
_WITHIN_NAMES = frozenset({"de", "du", "d'", "of", "-", "von", "van", "la", "le", "al", "el"})
_ARTICLES = frozenset({"le", "la", "les", "l'", "the", "a", "an", "un", "une", "d'", "m", "mr", "."})


class Item(msgspec.Struct, frozen=True):
    """One of them. Names that follow each other are one."""

    kind: Literal["word", "name", "number", "date", "signal"]
    place: int
    segment: int
    words: tuple[Word, ...] = ()
    quantity: Quantity | None = None
    signal: str = ""


def items(reading: Reading) -> list[Item]:
    """All that a sentence says, in order."""
    found = [
        *(
            Item(
                "date" if one.kind == "date" or is_year(one) else "number",
                one.first,
                reading.segments[one.first],
                quantity=one,
            )
            for one in reading.quantities
        ),
        *(Item("signal", place, reading.segments[place], signal=kind) for place, kind in reading.turns),
        *_runs(reading),
    ]
    return sorted(found, key=lambda item: item.place)


def torn(claim: Reading, parts: Sequence[Reading], same: Same) -> Iterator[Item]:
    """What stands beside nothing that it stands beside in the quotation; or, where the whole is pieced together from
    too many ends, the ends."""
    said = [items(part) for part in parts]
    found = [(item, places) for item in items(claim) if (places := _places(item, said, same))]
    if len(found) < 2:
        return
    mine = [item for item, _ in found]
    path = _path(mine, [places for _, places in found], said)
    links = [
        _near(one, two, said, here, there)
        for (one, here), (two, there) in pairwise(zip(mine, path, strict=True))
    ]
    voice = [_names_doer(claim) != _names_doer(part) for part in parts]
    links = [
        link or (here[0] == there[0] and voice[here[0]] and abs(here[1] - there[1]) <= _REACH)
        for link, (here, there) in zip(links, pairwise(path), strict=True)
    ]
    allowed = _ENDS + len({part for part, _ in path}) - 1
    if links.count(False) > allowed:
        yield from (item for item, link in zip(mine[1:], links, strict=True) if not link)
    for index, (item, (part, place)) in enumerate(zip(mine, path, strict=True)):
        around = links[max(0, index - 1) : index + 1]
        edge = index in {0, len(mine) - 1}
        if not any(around) and not (edge and _may_move(claim, item, parts[part], said[part], place)):
            yield item


def before(pieces: Sequence[Token], place: int) -> str:
    """The word before it, articles apart."""
    index = place - 1
    while index >= 0 and pieces[index].folded in _ARTICLES:
        index -= 1
    return pieces[index].folded if index >= 0 else ""


def by(pieces: Sequence[Token], place: int) -> bool:
    """Whether it is said to be who did it, in the passive voice."""
    return before(pieces, place) in _BY


def done_by(pieces: Sequence[Token], place: int, shared: Container[str]) -> bool:
    """The same of a word within a longer name: `by the new head of the bank`. `shared`: words that may be of it."""
    index = place - 1
    while index >= 0 and pieces[index].kind == "word" and pieces[index].folded not in _BY:
        if not (pieces[index].capital or pieces[index].folded in shared or pieces[index].folded in _ARTICLES):
            return False
        index -= 1
    return index >= 0 and pieces[index].folded in _BY


def _names_doer(reading: Reading) -> bool:
    return any(by(reading.pieces, word.place) for word in reading.words)


def broken_names(claim: Reading, parts: Sequence[Reading], same: Same) -> Iterator[Item]:
    """Names of several words that the quotation does not put together."""
    for item in items(claim):
        if (
            item.kind == "name"
            and len(item.words) > 1
            and not any(_together(item.words, part, same) for part in parts)
        ):
            yield item


def _together(words: Sequence[Word], part: Reading, same: Same) -> bool:
    for start in range(len(part.words) - len(words) + 1):
        there = part.words[start : start + len(words)]
        close = there[-1].place - there[0].place <= 2 * len(words)
        if close and all(same(mine, theirs) for mine, theirs in zip(words, there, strict=True)):
            return True
    return False


def _runs(reading: Reading) -> Iterator[Item]:
    run: list[Word] = []
    for word in reading.words:
        if run and not (run[-1].name and word.name and _follows(reading, run[-1], word)):
            yield _run(run)
            run = []
        run.append(word)
    if run:
        yield _run(run)


def _follows(reading: Reading, one: Word, two: Word) -> bool:
    """Next to it, or after one small word that names have within them."""
    between = reading.pieces[one.place + 1 : two.place]
    return not between or (len(between) == 1 and between[0].folded in _WITHIN_NAMES)


def _run(words: Sequence[Word]) -> Item:
    return Item("name" if words[0].name else "word", words[0].place, words[0].segment, tuple(words))


def _places(item: Item, said: Sequence[Sequence[Item]], same: Same) -> list[Place]:
    return [
        (part, index)
        for part, there in enumerate(said)
        for index, other in enumerate(there)
        if _is(item, other, same)
    ]


def _path(mine: Sequence[Item], places: Sequence[list[Place]], said: Sequence[Sequence[Item]]) -> list[Place]:
    """One place for each, so that as few neighbours as can be are torn apart."""
    costs: list[dict[Place, tuple[int, Place | None]]] = [dict.fromkeys(places[0], (0, None))]
    for index in range(1, len(mine)):
        one, two = mine[index - 1], mine[index]
        before = costs[-1]
        step: dict[Place, tuple[int, Place | None]] = {}
        cheapest = min((cost, here) for here, (cost, _) in before.items())
        for there in places[index]:
            # Only what is within reach can be near, so that of all others the cheapest is enough.
            near = [
                (before[here][0] + (not _near(one, two, said, here, there)), here)
                for here in _around(there)
                if here in before
            ]
            step[there] = min([(cheapest[0] + 1, cheapest[1]), *near])
        costs.append(step)
    last: Place | None = min(costs[-1], key=lambda place: costs[-1][place][0])
    path: list[Place] = []
    for step in reversed(costs):
        if last is None:
            break
        path.append(last)
        last = step[last][1]
    return path[::-1]


def _around(place: Place) -> Iterator[Place]:
    part, index = place
    return ((part, other) for other in range(index - _REACH, index + _REACH + 1))


def _is(item: Item, other: Item, same: Same) -> bool:
    if item.quantity is not None:
        return other.quantity is not None and matches(item.quantity, other.quantity)
    if item.signal:
        return item.signal == other.signal
    return any(same(mine, theirs) for mine in item.words[-1:] for theirs in other.words) or any(
        same(mine, theirs) for mine in item.words for theirs in other.words[-1:]
    )


def _near(one: Item, two: Item, said: Sequence[Sequence[Item]], here: Place, there: Place) -> bool:
    """Whether the second follows the first as closely as the quotation has it."""
    if here[0] != there[0]:
        return False
    low, high = sorted((here[1], there[1]))
    if low == high:
        return one.kind == two.kind == "name"
    items_ = said[here[0]]
    if high - low > _REACH or any(_rival(each, items_[low + 1 : high]) for each in (one, two)):
        return False
    return here[1] < there[1] or _either_way(one, two, items_, low, high)


def _rival(item: Item, others: Sequence[Item]) -> bool:
    return item.kind != "word" and any(other.kind == item.kind for other in others)


def _either_way(one: Item, two: Item, there: Sequence[Item], low: int, high: int) -> bool:
    """The other way round is the same within one part, where nothing else of their kind is near; but not for names,
    since who comes first has done it."""
    segment = there[low].segment
    if one.segment != two.segment or segment != there[high].segment or "name" in {one.kind, two.kind}:
        return False
    if one.kind == two.kind != "word":
        return False
    # Words have no rivals, so that nothing need be looked at for them.
    return not any(
        _rival(each, (item,))
        for each in (one, two)
        if each.kind != "word"
        for index, item in enumerate(there)
        if item.segment == segment and index not in {low, high}
    )


def _may_move(claim: Reading, item: Item, part: Reading, there: Sequence[Item], place: int) -> bool:
    """A date, a number or a place that begins or ends its part may stand at another end; and who did it, if the one
    says `by` and the other does not."""
    said = there[place]
    if item.kind in {"name", "word"} and by(claim.pieces, item.place) != by(part.pieces, said.place):
        return True
    if item.kind == "name" and before(claim.pieces, item.place) not in _AT:
        return False
    first = place == 0 or there[place - 1].segment != said.segment
    last = place == len(there) - 1 or there[place + 1].segment != said.segment
    return place in {0, len(there) - 1} or (first and last)
