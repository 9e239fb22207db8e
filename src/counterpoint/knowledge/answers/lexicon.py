"""The words by which a checker tells what is claimed, from `lexicon.toml`, ready to be looked up."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from counterpoint.knowledge.answers.tokens import Phrases, fold, phrases
from counterpoint.knowledge.text.terms import stems_of

NOTHING = ""
"""The kind of what looks like a signal and is none."""

_Table = dict[str, list[str]]
_Numbers = dict[str, float]


class Lexicon(msgspec.Struct, frozen=True):
    """`opposites`, `same`, `translations`: by stem, the stems of the others. `forms`: of a verb, what stands for all;
    `past`: of English ones. `signals`: phrases by their kind (`not`, `all`, `must`, `before` …); `spoken`: kinds whose
    phrases are words like others, too; `measures`: what is said of a number (`at_least` …)."""

    signals: Phrases
    spoken: frozenset[str]
    measures: Phrases
    units: Phrases
    opposites: dict[str, frozenset[str]]
    same: dict[str, frozenset[str]]
    forms: dict[str, str]
    past: frozenset[str]
    translations: dict[str, frozenset[str]]
    frames: frozenset[str]
    pronouns: frozenset[str]
    numbers: dict[str, int]
    groups: dict[str, int]
    scales: dict[str, int]
    ordinals: dict[str, int]
    shares: dict[str, float]
    months: dict[str, int]
    days: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Read once."""
    raw = tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    numbers, verbs = raw["numbers"], raw["forms"]
    return Lexicon(
        signals=phrases(
            {
                "not": [*raw["negators"]["fr"], *raw["negators"]["en"]],
                "except": [*raw["exceptions"]["fr"], *raw["exceptions"]["en"]],
                "if": [*raw["conditions"]["fr"], *raw["conditions"]["en"]],
                NOTHING: raw["conditions"]["none"],
                **raw["spoken"],
                **raw["quantifiers"],
                **raw["modals"],
                **raw["relations"],
                "greater": raw["compare"]["more"],
                "smaller": raw["compare"]["less"],
            }
        ),
        spoken=frozenset(raw["spoken"]),
        measures=phrases(raw["measures"]),
        units=phrases(raw["units"]),
        opposites=_pairs(raw["opposites"]["pairs"]),
        same=_sets(raw["synonyms"]["same"]),
        forms={form: line.split()[0] for line in (*verbs["en"], *verbs["fr"]) for form in line.split()},
        past=frozenset(form for line in verbs["en"] for form in line.split()[1:]),
        translations=_pairs(raw["translations"]["pairs"]),
        frames=frozenset(map(fold, raw["frames"]["words"])),
        pronouns=frozenset(map(fold, raw["frames"]["pronouns"])),
        numbers={**numbers["fr"], **numbers["en"]},
        groups=numbers["groups"],
        scales=numbers["scales"],
        ordinals=numbers["ordinals"],
        shares=numbers["shares"],
        months=raw["months"]["names"],
        days=frozenset(raw["months"]["days"]),
    )


def stems(word: str) -> frozenset[str]:
    """As French and as English: a word of the lexicon may be read as either."""
    plain = fold(word)
    return frozenset({plain, *stems_of(plain, "fr"), *stems_of(plain, "en")})


def _sets(lines: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        every = [stems(word) for word in line.split()]
        for one in every:
            for key in one:
                found.setdefault(key, set()).update(*(other for other in every if other is not one))
    return {key: frozenset(values) for key, values in found.items()}


def _pairs(lines: list[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in lines:
        left, _, right = line.partition(":")
        ones = stems(left.strip())
        others = frozenset().union(*map(stems, right.split()))
        for keys, values in ((ones - others, others - ones), (others - ones, ones - others)):
            for key in keys:
                found.setdefault(key, set()).update(values)
    return {key: frozenset(values - {key}) for key, values in found.items()}
