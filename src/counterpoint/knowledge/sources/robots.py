"""What a site asks of robots (RFC 9309): the longest rule that fits holds, allowing wins a draw. Pure."""

from collections.abc import Iterator

import msgspec

from counterpoint.knowledge.sources.addresses import escaped

MOST_BYTES = 500 << 10
"""Read of a robots.txt at most, as the RFC has it at least."""
_LONGEST_DELAY = 60.0


class Robots(msgspec.Struct, frozen=True):
    """`rules`: whether they allow, with their paths. `delay`: seconds between two requests. `maps`: the site's."""

    rules: tuple[tuple[bool, str], ...] = ()
    delay: float = 0.0
    maps: tuple[str, ...] = ()

    def allows(self, target: str) -> bool:
        """Whether this path, with its query, may be asked for."""
        best, allowed = -1, True
        for allows, path in self.rules:
            if len(path) >= best and _fits(path, target) and (len(path) > best or allows):
                best, allowed = len(path), allows
        return allowed


def robots_of(text: str, agent: str) -> Robots:
    """What is asked of the robot of that name, or else of all."""
    maps: list[str] = []
    groups: list[tuple[set[str], list[tuple[str, str]]]] = []
    naming = False
    for name, value in _lines(text):
        if name == "sitemap":
            maps.append(value)
        elif name == "user-agent":
            if not naming:
                groups.append((set(), []))
            groups[-1][0].add(value.lower())
            naming = True
        elif groups:
            naming = False
            groups[-1][1].append((name, value))
    wanted = agent.lower()
    mine = [rules for names, rules in groups if wanted in names] or [
        rules for names, rules in groups if "*" in names
    ]
    told = [each for rules in mine for each in rules]
    rules = tuple(
        (name == "allow", _rule(value)) for name, value in told if name in {"allow", "disallow"} and value
    )
    return Robots(rules, _delay([value for name, value in told if name == "crawl-delay"]), tuple(maps))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.lstrip("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _delay(told: list[str]) -> float:
    try:
        return min(max(0.0, float(told[0])), _LONGEST_DELAY) if told else 0.0
    except ValueError:
        return 0.0


def _rule(value: str) -> str:
    """As addresses are written that it is held against."""
    path, _, query = value.partition("?")
    return escaped(path, query) if query else escaped(path) + value[len(path) :]


def _fits(path: str, target: str) -> bool:
    """Each piece is looked for from where the one before it ended: no other place for it leaves the rest more room, so
    that nothing is ever tried twice."""
    whole = path.endswith("$")
    first, *others = path.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    at = len(first)
    if not others:
        return not whole or at == len(target)
    for piece in others[:-1]:
        found = target.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    last = others[-1]
    return target.endswith(last) and len(target) - len(last) >= at if whole else target.find(last, at) >= 0
