"""In which order candidates are tried, policy by policy."""

from collections import Counter
from random import Random

from counterpoint.directory.routes import Check, Route, Target
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.ordering import EXPLORED
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Facts, Plan, Standings
from counterpoint.gateway.routing.planning import Case, plan
from tests.unit.gateway.routing.yard import DIALECTS, KEY, asked, made, offering, price, targets, yard

ALL = targets("m1", "m2", "m3")


def test_the_cheapest_for_this_very_call_comes_first_and_the_unknown_last() -> None:
    directory = yard(routes=(Route("r", "cheapest", ALL),))
    assert asked(made(directory, "r")) == ["hb/m1", "ha/m1", "hb/m2", "hc/m3"]
    writer = offering("ha", "w", price=price(10, 1))
    reader = offering("hb", "r", price=price(1, 30))
    directory = yard(offerings=(writer, reader), routes=(Route("c", "cheapest", targets("w", "r")),))
    assert asked(made(directory, "c", facts=Facts(tokens=100))) == ["ha/w", "hb/r"]
    assert asked(made(directory, "c", facts=Facts(tokens=100_000))) == ["hb/r", "ha/w"]


def test_other_currencies_are_compared_by_their_rates_and_unknown_ones_come_last() -> None:
    offerings = (offering("ha", "x", price=price(1, currency="GBP")), offering("hb", "x", price=price(9)))
    directory = yard(offerings=offerings, routes=(Route("r", "cheapest", targets("x")),))
    assert asked(made(directory, "r")) == ["hb/x", "ha/x"]


def test_the_fastest_comes_first_the_unmeasured_before_it_and_now_and_then_another() -> None:
    directory = yard(routes=(Route("r", "fastest", ALL),))
    standings = Standings(first_event={"ha/m1": 0.5, "hb/m1": 0.2, "hb/m2": 0.9})
    found = made(directory, "r", standings=standings, chance=lambda: EXPLORED)
    assert asked(found) == ["hc/m3", "hb/m1", "ha/m1", "hb/m2"]
    chances = iter([0.0, 0.99])
    assert asked(made(directory, "r", standings=standings, chance=lambda: next(chances)))[0] == "hb/m2"


def test_a_session_stays_where_it_was_and_every_worker_begins_alike() -> None:
    directory = yard(routes=(Route("r", "sticky", ALL),))
    known = Facts(session="one")
    first = made(directory, "r", facts=known, chance=lambda: 0.1)
    assert asked(first) == asked(made(directory, "r", facts=known, chance=lambda: 0.9))
    last = asked(first)[-1]
    back = made(directory, "r", facts=known, standings=Standings(last={first.sticky: last}))
    assert asked(back)[0] == last
    assert made(directory, "r", facts=Facts(session="two")).sticky != first.sticky


def test_sessions_spread_by_weight_and_one_host_less_moves_only_its_own() -> None:
    weighted = (Target("ha/m1", 3), Target("hb/m2", 1), Target("hc/m3", 0))
    names = Names(yard(routes=(Route("r", "sticky", weighted),)))
    fewer = Names(yard(routes=(Route("r", "sticky", weighted[:1]),)))
    first: Counter[str] = Counter()
    for number in range(2000):
        case = Case("r", "chat", DIALECTS, KEY, Given(Facts(session=str(number))))
        found = plan(names, case, NOTHING_KNOWN, float)
        left = plan(fewer, case, NOTHING_KNOWN, float)
        assert isinstance(found, Plan)
        assert isinstance(left, Plan)
        first[asked(found)[0]] += 1
        assert asked(found)[-1] == "hc/m3"
        if asked(found)[0] == "ha/m1":
            assert asked(left)[0] == "ha/m1"
    assert 0.7 < first["ha/m1"] / 2000 < 0.8


def test_without_a_session_chance_decides_and_nothing_is_remembered() -> None:
    directory = yard(routes=(Route("r", "sticky", ALL),))
    chance = Random(3).random
    found = [made(directory, "r", chance=chance) for _ in range(40)]
    assert {each.sticky for each in found} == {""}
    assert len({asked(each)[0] for each in found}) > 2


def test_a_common_beginning_keeps_its_host() -> None:
    directory = yard(routes=(Route("r", "sticky", ALL, sticky_by="prefix"),))
    found = made(directory, "r", facts=Facts(prefix="abc", session="ignored"))
    assert found.sticky.endswith("abc")


def test_an_open_breaker_gives_its_share_to_the_others() -> None:
    route = Route("w", "weighted", (Target("m1", 98), Target("m2", 1), Target("m3", 1)))
    names = Names(yard(routes=(route,)))
    standings = Standings(closed_off=frozenset({"ha/m1", "hb/m1"}))
    chance, first = Random(5).random, Counter[str]()
    for _ in range(1000):
        found = plan(names, Case("w", "chat", DIALECTS, KEY, Given()), standings, chance)
        assert isinstance(found, Plan)
        first[asked(found)[0]] += 1
    assert first.keys() == {"hb/m2", "hc/m3"}
    assert 400 < first["hb/m2"] < 600


def test_a_cascade_within_a_cascade_keeps_its_own_checks() -> None:
    inner = Route("inner", "cascade", (Target("m1", check=Check("schema")), Target("m2")))
    sure = Check("confidence", 0.9)
    outer = Route("outer", "cascade", (Target("inner", check=sure), Target("m3")))
    found = made(yard(routes=(inner, outer)), "outer")
    told = [(step.candidate.name, step.stage, step.check and step.check.kind) for step in found.steps]
    assert told == [
        ("ha/m1", 0, "schema"),
        ("hb/m1", 0, "schema"),
        ("hb/m2", 1, "confidence"),
        ("hc/m3", 2, None),
    ]
