"""Who did what to whom: two words that changed places round a third say something else, unless a `by` explains it."""

from collections.abc import Sequence
from itertools import pairwise

from counterpoint.knowledge.answers.order import Same, by, done_by
from counterpoint.knowledge.answers.reading import Reading, Word

_ROUND = 8
"""Words: as far as two that changed places are looked for."""


def turned_round(claim: Reading, parts: Sequence[Reading], same: Same) -> bool:
    """Names are compared wherever they stand, other words within one part of a sentence."""
    names = pairwise(word for word in claim.words if claim.pieces[word.place].capital)
    near = (
        (one, two)
        for index, one in enumerate(claim.words)
        for two in claim.words[index + 2 : index + _ROUND]
        if one.segment == two.segment
    )
    return any(_changed_places(claim, parts, pair, same, anywhere=True) for pair in names) or any(
        _changed_places(claim, parts, pair, same, anywhere=False) for pair in near
    )


def _changed_places(
    claim: Reading, parts: Sequence[Reading], pair: tuple[Word, Word], same: Same, *, anywhere: bool
) -> bool:
    one, two = pair
    between = [word for word in claim.words if one.place < word.place < two.place]
    if not between or one.stems == two.stems:
        return False
    turned = [_turned(claim, part, (one, two, between), same, anywhere=anywhere) for part in parts]
    return True in turned and (anywhere or False not in turned)


def _turned(
    claim: Reading, part: Reading, round_: tuple[Word, Word, list[Word]], same: Same, *, anywhere: bool
) -> bool | None:
    """`None`: nothing is to be told from this part."""
    one, two, between = round_
    first = [word for word in part.words if same(one, word)]
    second = [word for word in part.words if same(two, word)]
    if len(first) != 1 or len(second) != 1 or not (anywhere or first[0].segment == second[0].segment):
        return None
    low, high = sorted((first[0].place, second[0].place))
    if not any(low < word.place < high and same(each, word) for each in between for word in part.words):
        return None
    if first[0].place < second[0].place:
        return by(claim.pieces, two.place) != by(part.pieces, high)
    shared = {piece.folded for piece in claim.pieces} & {piece.folded for piece in part.pieces}
    return done_by(claim.pieces, two.place, shared) == done_by(part.pieces, high, shared)
