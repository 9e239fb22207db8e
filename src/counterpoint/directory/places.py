"""Places by their ISO 3166 codes, and the groups of them that law knows."""

from collections.abc import Iterable
from functools import lru_cache

EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
EEA = EU | {"IS", "LI", "NO"}
GROUPS = {"EU": EU, "EEA": EEA}
"""The European Union's members, and with Iceland, Liechtenstein and Norway those of the Economic Area."""


@lru_cache(maxsize=1024)
def members(codes: tuple[str, ...]) -> frozenset[str]:
    """Every country in `codes`, groups taken apart."""
    found: set[str] = set()
    for code in codes:
        found |= GROUPS.get(code, frozenset({code}))
    return frozenset(found)


def within(places: Iterable[str], allowed: tuple[str, ...]) -> bool:
    """Whether all of `places` lie in `allowed`. Nowhere is within nothing: what is not known fails."""
    codes = tuple(places)
    return bool(codes) and members(codes) <= members(allowed)


def is_place(code: str) -> bool:
    """Whether it is written as a country's code, or names a group."""
    return code in GROUPS or (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper())
