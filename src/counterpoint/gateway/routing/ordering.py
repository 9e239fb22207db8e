"""In which order the candidates of a route are tried: its policy, applied to what is left of its branches.

What comes out is a list of stages: within one, a failure leads to the next step; the answer of a step with a check that
is not accepted leads to the next stage. Only cascades have checks, so elsewhere stages mean nothing.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from hashlib import blake2b

import msgspec

from counterpoint.directory import Directory
from counterpoint.directory.routes import Check, Route
from counterpoint.gateway.names import Candidate
from counterpoint.gateway.routing.grounds import Branch, Node, Option
from counterpoint.gateway.routing.plan import Asked, Chance, Standings
from counterpoint.gateway.routing.pricing import estimated

EXPLORED = 0.05
"""The share of a `fastest` route's calls that goes to one of the others, so that their figures stay true."""


class Turn(msgspec.Struct, frozen=True):
    """An option in its turn, with the check of its answer."""

    option: Option
    check: Check | None = None
    judges: tuple[Candidate, ...] = ()


Stages = list[list[Turn]]
_Weighed = tuple[Option, int]


class Sorter:
    """Orders one call's candidates. `fits`: whether an option is for this very call; `judges`: whether it may judge the
    answer. `sticky`: after it was used, under what to remember who answers."""

    def __init__(
        self,
        directory: Directory,
        operation: str,
        asked: Asked,
        standings: Standings,
        chance: Chance,
        fits: Callable[[Option], bool],
        judges: Callable[[Option], bool],
    ) -> None:
        self._directory = directory
        self._operation = operation
        self._asked = asked
        self._standings = standings
        self._chance = chance
        self._fits = fits
        self._judges = judges
        self.sticky = ""

    def stages(self, node: Node) -> Stages:
        """Of a model or a route, none of them empty."""
        if node.route is None:
            turns = [Turn(option) for option in node.options if self._fits(option)]
            return [turns] if turns else []
        stages = self._targets(node, node.route)
        for fallback in node.fallbacks:
            stages += self.stages(fallback)
        return stages

    def _targets(self, node: Node, route: Route) -> Stages:
        match route.policy:
            case "weighted":
                return self._in_order(self._drawn(node.branches))
            case "canary":
                return self._in_order(self._canary(node.branches))
            case "cascade":
                return self._cascade(node.branches)
            case "priority":
                return self._in_order(node.branches)
        options = self._options(node.branches)
        if route.policy == "cheapest":
            ordered = self._cheapest(options)
        elif route.policy == "fastest":
            ordered = self._fastest(options)
        else:
            ordered = self._kept(route, options)
        return [[Turn(option) for option in ordered]] if ordered else []

    def _in_order(self, branches: Iterable[Branch]) -> Stages:
        return [stage for branch in branches for stage in self.stages(branch.node)]

    def _drawn(self, branches: Sequence[Branch]) -> list[Branch]:
        """By lot, in proportion to their weights, without putting back: if the first fails, the next is drawn from
        those that are left."""
        left = [branch for branch in branches if branch.target.weight > 0 and self._alive(branch.node)]
        drawn = []
        while len(left) > 1:
            at = self._chance() * sum(branch.target.weight for branch in left)
            chosen = len(left) - 1
            for index, branch in enumerate(left):
                at -= branch.target.weight
                if at < 0:
                    chosen = index
                    break
            drawn.append(left.pop(chosen))
        return drawn + left

    def _alive(self, node: Node) -> bool:
        """Whether it may be first: an open breaker or a call that does not fit gives its share to the others."""
        closed = self._standings.closed_off
        return any(self._fits(item) and item.candidate.name not in closed for item in node.all_options())

    def _canary(self, branches: Sequence[Branch]) -> list[Branch]:
        """The second target answers its share of calls, and nothing beyond that: it stands in for nobody."""
        if len(branches) < 2:
            return list(branches)
        stable, canary = branches[0], branches[1]
        if self._chance() * 1000 < canary.target.weight:
            return [canary, stable]
        return [stable]

    def _cascade(self, branches: Sequence[Branch]) -> Stages:
        stages: Stages = []
        for branch in branches:
            judges = tuple(item.candidate for item in branch.judges if self._judges(item))
            if branch.judges and not judges:  # nobody could accept its answer
                continue
            for stage in self.stages(branch.node):
                # What a cascade within this one accepts by a check of its own is judged by that one alone.
                stages.append(
                    [
                        turn if turn.check is not None else Turn(turn.option, branch.check, judges)
                        for turn in stage
                    ]
                )
        return stages

    def _options(self, branches: Sequence[Branch]) -> list[_Weighed]:
        """All that fit, once each, with the weight of the first branch that has them."""
        found: dict[str, _Weighed] = {}
        for branch in branches:
            for option in branch.node.all_options():
                if self._fits(option):
                    found.setdefault(option.candidate.name, (option, branch.target.weight))
        return list(found.values())

    def _cheapest(self, options: list[_Weighed]) -> list[Option]:
        """What has no known price comes last."""
        facts = self._asked.facts()

        def cost(option: Option) -> tuple[bool, Decimal]:
            found = estimated(option.candidate.offering, facts, self._directory, self._operation)
            return found is None, found or Decimal(0)

        return sorted((option for option, _ in options), key=cost)

    def _fastest(self, options: list[_Weighed]) -> list[Option]:
        """What has not been measured is tried first, so that it is."""
        measured = self._standings.first_event
        ordered = sorted(
            (option for option, _ in options), key=lambda item: measured.get(item.candidate.name, -1.0)
        )
        if len(ordered) > 1 and self._chance() < EXPLORED:
            other = 1 + int(self._chance() * (len(ordered) - 1))
            ordered.insert(0, ordered.pop(other))
        return ordered

    def _kept(self, route: Route, options: list[_Weighed]) -> list[Option]:
        """Where the caller was last; else by rendezvous hashing, in which every worker comes to the same, and each
        offering that is added or gone moves its own share of callers alone (Thaler and Ravishankar, 1998)."""
        if route.sticky_by == "prefix":
            who = self._asked.facts().prefix
        else:
            who = self._asked.session(route.session_header)
        if not who:
            who = self._chance().hex()
        else:
            self.sticky = self.sticky or f"{route.name}\0{who}"
        ordered = sorted(options, key=lambda item: (-_score(who, item), item[0].candidate.name))
        last = self._standings.last.get(f"{route.name}\0{who}")
        return [option for option, _ in sorted(ordered, key=lambda item: item[0].candidate.name != last)]


def _score(who: str, weighed: _Weighed) -> float:
    """The weighted form of it: the share of callers that an offering wins is its weight's."""
    option, weight = weighed
    digest = blake2b(f"{who}\0{option.candidate.name}".encode(), digest_size=8).digest()
    drawn = (int.from_bytes(digest, "big") + 0.5) / 2.0**64
    return weight / -math.log(drawn) if weight > 0 else 0.0


def settled(node: Node) -> bool:
    """Whether the order is the same for every call."""
    return all(route.policy in ("priority", "cascade") for route in node.routes())
