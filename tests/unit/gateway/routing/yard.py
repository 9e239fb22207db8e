"""A directory with three hosts and some models, to plan calls in."""

from typing import Any

from counterpoint.directory import Directory, Host, Key, Offering
from counterpoint.directory.routes import Project, Route, Target
from counterpoint.directory.values import Price, PriceTier
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Chance, Facts, Plan, Standings
from counterpoint.gateway.routing.planning import Case, plan

DIALECTS = ("openai-chat",)
KEY = Key("k", "mine", "p", "o")
CHAT = frozenset({"chat"})


def host(name: str) -> Host:
    return Host(name, f"http://{name}.invalid", {"openai-chat": "/v1/chat/completions"})


def price(entry: int, out: int | None = None, currency: str = "USD") -> Price:
    """Whole units per million tokens."""
    tier = PriceTier(input=entry * 1_000_000, output=(entry if out is None else out) * 1_000_000)
    return Price((tier,), currency)


def offering(at: str, name: str, **facts: Any) -> Offering:
    facts.setdefault("capabilities", CHAT)
    return Offering(at, name, name, **facts)


OFFERINGS = (
    offering("ha", "m1", maker="acme", price=price(5), residency=("DE",), jurisdiction="DE"),
    offering("hb", "m1", maker="acme", price=price(3), residency=("US",), jurisdiction="US"),
    offering("hb", "m2", maker="bolt", price=price(9), residency=("US",), jurisdiction="US"),
    offering("hc", "m3", maker="bolt"),
)


def yard(
    *, offerings: tuple[Offering, ...] = OFFERINGS, routes: tuple[Route, ...] = (), **more: Any
) -> Directory:
    hosts = {item.host: host(item.host) for item in offerings}
    more["projects"] = {KEY.project: Project(KEY.project, "mine"), **more.get("projects", {})}
    return Directory(hosts=hosts, offerings=offerings, routes=routes, **more)


def targets(*names: str) -> tuple[Target, ...]:
    return tuple(Target(name) for name in names)


def made(
    directory: Directory,
    requested: str,
    *,
    facts: Facts = Facts(),  # noqa: B008 - frozen
    standings: Standings = NOTHING_KNOWN,
    chance: Chance = float,
    key: Key = KEY,
) -> Plan:
    """The plan of a call, which there is."""
    case = Case(requested, "chat", DIALECTS, key, Given(facts))
    found = plan(Names(directory), case, standings, chance)
    assert isinstance(found, Plan), found
    return found


def asked(found: Plan) -> list[str]:
    """The offerings of its steps, in their order."""
    return [step.candidate.name for step in found.steps]
