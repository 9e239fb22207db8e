"""What is to happen when a translation would lose something: `allow` it, `warn` of it, or `refuse` the call.

One short text says it, in a request's header as in a rule: `refuse`, `refuse; severity=meaning`,
`warn; codes=tool.*|stop`. A loss counts from `severity` on (without either: from `degraded` on), or where one of the
patterns in `codes` fits its code.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Literal, cast, get_args

import msgspec

from counterpoint.canonical import Loss, Severity
from counterpoint.canonical.globs import fits

PolicyWord = Literal["allow", "warn", "refuse"]
WORDS: tuple[PolicyWord, ...] = get_args(PolicyWord)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Lightest first."""
LONGEST = 200
"""Letters of a policy's text."""


class LossPolicy(msgspec.Struct, frozen=True, omit_defaults=True):
    """`policy` for losses of `severity` and graver ones, and for those whose code one of `codes` fits. With `codes`
    alone, for those only."""

    policy: PolicyWord = "allow"
    severity: Severity | None = None
    codes: tuple[str, ...] = ()

    def counts(self, loss: Loss) -> bool:
        """Whether the policy is meant for it."""
        least = self.severity or (None if self.codes else "degraded")
        if least is not None and SEVERITIES.index(loss.severity) >= SEVERITIES.index(least):
            return True
        return any(fnmatchcase(loss.code, pattern) for pattern in self.codes)


class LossRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A policy for calls whose model goes by a name that fits the glob `pattern`: as the caller wrote it, as an alias
    leads on, or as `host/model`."""

    pattern: str
    policy: LossPolicy

    def fits(self, names: Iterable[str]) -> bool:
        """Whether it is for a model that goes by these names."""
        return any(fits(name, (self.pattern,)) for name in names)


def parse(text: str) -> LossPolicy:
    """What `text` says. Raises `ValueError` with the piece that cannot be read."""
    if len(text) > LONGEST:
        raise ValueError(text[:20])
    word, *rest = (piece.strip() for piece in text.split(";"))
    if word.lower() not in WORDS:
        raise ValueError(word)
    severity: Severity | None = None
    codes: tuple[str, ...] = ()
    for piece in filter(None, rest):
        name, _, value = piece.partition("=")
        value = value.strip().strip('"')
        if name.strip() == "severity" and value in SEVERITIES:
            severity = value
        elif name.strip() == "codes" and value:
            codes = tuple(filter(None, (code.strip() for code in value.split("|"))))
        else:
            raise ValueError(piece)
    return LossPolicy(cast("PolicyWord", word.lower()), severity, codes)


def written(policy: LossPolicy) -> str:
    """`policy` as a text, which `parse` reads."""
    pieces: list[str] = [policy.policy]
    if policy.severity is not None:
        pieces.append(f"severity={policy.severity}")
    if policy.codes:
        pieces.append(f"codes={'|'.join(policy.codes)}")
    return "; ".join(pieces)


def rule_for(rules: Iterable[LossRule], names: Iterable[str]) -> LossRule | None:
    """The first that fits."""
    known = list(names)
    return next((rule for rule in rules if rule.fits(known)), None)
