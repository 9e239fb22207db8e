"""The names most like a mistyped one, fast enough to be asked on the data plane by anyone who gets a name wrong.

Two steps, because comparing letter by letter with thousands of names takes too long: first every name by the
pairs of letters it shares, kept as bits of one integer; then the best few by the number of slips between them.
"""

import heapq
import re
from collections.abc import Iterable
from functools import lru_cache

_SHORTLIST = 24
_BITS = 512
_LONGEST = 120  # letters of a name that are looked at: a caller may send any length
_ENOUGH = 0.42
_NOISE = re.compile(r"[^a-z0-9]+")


def nearest(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """At most `count` of `names`, the most similar first; none if nothing is similar.

    Punctuation and case do not count, a name may stand without its host before the slash, and a part of a
    name (`sonnet 4.5`) finds the whole.
    """
    folded, pairs = _fold(name)
    if not folded:
        return []
    scored = ((_shared(pairs, candidate), candidate) for candidate in names)
    shortlist = heapq.nlargest(_SHORTLIST, scored, key=lambda item: item[0])
    judged = [(_likeness(folded, pairs, candidate), candidate) for _, candidate in shortlist]
    kept = sorted(
        (item for item in judged if item[0] >= _ENOUGH), key=lambda item: (-item[0], len(item[1]), item[1])
    )
    return [candidate for _, candidate in kept[:count]]


def _shared(pairs: int, candidate: str) -> float:
    """How much of the letter pairs two names share; the same name behind a host's counts nearly as much."""
    of_candidate = _fold(candidate)[1]
    both = (pairs & of_candidate).bit_count()
    if not both:
        return 0.0
    first, second = pairs.bit_count(), of_candidate.bit_count()
    return max(2 * both / (first + second), 0.85 * both / min(first, second))


def _likeness(folded: str, pairs: int, candidate: str) -> float:
    best = 0.0
    for part in {candidate, candidate.partition("/")[2], candidate.rpartition("/")[2]}:
        text, _ = _fold(part)
        if text:
            slips = 1 - _distance(folded, text) / max(len(folded), len(text))
            best = max(best, slips)
            if folded in text and len(folded) > 2:
                whole = 0.7 if text.startswith(folded) else 0.6
                best = max(best, whole + 0.3 * len(folded) / len(text))
    return 0.7 * best + 0.3 * _shared(pairs, candidate)


@lru_cache(maxsize=16384)
def _fold(name: str) -> tuple[str, int]:
    """Letters and digits only, and as bits the pairs of neighbours and of next neighbours in them, in either
    order: so a swap of two letters loses few."""
    folded = _NOISE.sub("", name[:_LONGEST].lower())
    pairs = 0
    for step in (1, 2):
        for first, second in zip(folded, folded[step:], strict=False):
            low, high = sorted((ord(first), ord(second)))
            pairs |= 1 << (low * 37 + high) % _BITS
    return folded, pairs or (1 << ord(folded[0]) % _BITS if folded else 0)


def _distance(first: str, second: str) -> int:
    """Slips between two words: letters put in, left out, changed, or two neighbours swapped (optimal string
    alignment)."""
    if len(first) < len(second):
        first, second = second, first
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        current = [row]
        for column, other in enumerate(second, 1):
            cost = min(above[column] + 1, current[column - 1] + 1, above[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]
