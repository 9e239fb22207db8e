"""Which claims are about the same model, who made it, what it is called."""

import re
import tomllib
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path

from counterpoint.catalog.naming import Parsed, key_of
from counterpoint.catalog.values import Maker
from scripts.catalog_build.claims import Claim
from scripts.catalog_build.rules import Rules

_MAKERS = Path(__file__).with_name("makers.toml")
_SLUG = re.compile(r"[^a-z0-9.]+")


class Identities:
    """A dated snapshot is the plain model where only one date is known for it (`claude-sonnet-4-5-20250929`);
    where several are, the plain name moves from one to the next, so each is a model of its own (`gpt-4o-…`)."""

    def __init__(self, claims: Iterable[Claim], own_hosts: Container[str]) -> None:
        dates: dict[str, set[str]] = {}
        by_maker: dict[str, set[str]] = {}
        for claim in claims:
            one = claim.parsed
            if one.snapshot:
                date = one.snapshot.replace("-", "")
                dates.setdefault(one.base, set()).add(date)
                if claim.host in own_hosts:
                    by_maker.setdefault(one.base, set()).add(date)
        # Resellers mistype dates: where the makers' own hosts name any, only theirs count.
        self._several = {base for base, seen in dates.items() if len(by_maker.get(base, seen)) > 1}

    def of(self, parsed: Parsed) -> str:
        """The key of the model."""
        if parsed.snapshot and parsed.base in self._several:
            return f"{parsed.base}-{parsed.snapshot.replace('-', '')}"
        return parsed.base

    def name_of(self, parsed: Parsed) -> str:
        """The plain name that the id gives the model."""
        name = parsed.name
        if parsed.snapshot:
            name = name[: -len(parsed.snapshot) - 1]
            if parsed.base in self._several:
                name = f"{name}-{parsed.snapshot}"
        return _SLUG.sub("-", name).strip("-.")


class Makers:
    """Who trained what: the curated makers, and the organisations that only an id names."""

    def __init__(self, rules: Rules) -> None:
        table = tomllib.loads(_MAKERS.read_text("utf-8"))
        self.curated = tuple(Maker(name=name, **row) for name, row in table.items())
        self._by_org = {key_of(org): maker.name for maker in self.curated for org in maker.orgs}
        self._patterns = [
            (re.compile(pattern), maker.name) for maker in self.curated for pattern in maker.models
        ]
        self._repackagers = {key_of(name) for name in rules.table["repackagers"]["names"]}
        self._own = rules.table["own"]
        self._fine_tunes = re.compile(rules.table["fine_tunes"]["pattern"])
        self.derived: dict[str, Maker] = {}

    def vote(self, claims: list[Claim], key: str) -> str:
        """The maker that the claims name most; empty if nobody knows."""
        votes: Counter[str] = Counter()
        for claim in claims:
            org = key_of(claim.parsed.org)
            if org in self._by_org:
                votes[self._by_org[org]] += 3
            elif org and org not in self._repackagers:
                votes[f"?{claim.parsed.org}"] += 2
            elif claim.host in self._own and not org:
                votes[self._own[claim.host]] += 1
        by_name = next((maker for pattern, maker in self._patterns if pattern.search(key)), "")
        if self._fine_tunes.search(key):
            by_name = ""
        known = {name: count for name, count in votes.items() if not name.startswith("?")}
        unknown = {name[1:]: count for name, count in votes.items() if name.startswith("?")}
        if by_name and (by_name in known or not unknown):
            return by_name
        if known and max(known.values()) >= max(unknown.values(), default=0):
            return max(sorted(known), key=lambda name: known[name])
        if unknown:
            return self._derive(max(sorted(unknown), key=lambda name: unknown[name]))
        return by_name

    def _derive(self, org: str) -> str:
        name = _SLUG.sub("-", org).strip("-.")
        self.derived.setdefault(name, Maker(name=name, display=org, orgs=(org,)))
        return name

    def is_own(self, host: str, maker: str) -> bool:
        """Whether a host is the maker's own API, whose word on its models counts most."""
        return bool(maker) and self._own.get(host) == maker
