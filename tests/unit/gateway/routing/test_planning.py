"""From a call to its plan: what is tried, in which order, and what is told of the rest."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Failure
from counterpoint.directory import Directory, Key, Offering, Rules
from counterpoint.directory.losspolicy import LossPolicy
from counterpoint.directory.routes import Check, Constraints, PolicyName, Project, Route, Target
from counterpoint.directory.values import Price, PriceTier
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Facts, Plan, Standings
from counterpoint.gateway.routing.planning import Case, judged, plan
from tests.unit.gateway.routing.yard import DIALECTS, KEY, asked, made, offering, price, targets, yard


def refused(directory: Directory, requested: str, *, key: Key = KEY, facts: Facts = Facts()) -> Failure:  # noqa: B008
    found = plan(Names(directory), Case(requested, "chat", DIALECTS, key, Given(facts)), NOTHING_KNOWN, float)
    assert isinstance(found, Failure)
    return found


def reasons(found: Plan) -> dict[str, str]:
    return {item.offering: item.reason.rpartition(".")[2] for item in found.considered if not item.kept}


# Names without a route


def test_a_name_without_a_route_is_tried_host_by_host_once_each() -> None:
    found = made(yard(rules=Rules(prefer=("hb",))), "m1")
    assert asked(found) == ["hb/m1", "ha/m1"]
    assert (found.route, found.retrying.attempts, found.names) == ("", 1, ("m1",))


def test_the_same_plan_is_looked_up_not_made() -> None:
    names = Names(yard())
    case = Case("m1", "chat", DIALECTS, KEY, Given())
    assert plan(names, case, NOTHING_KNOWN, float) is plan(names, case, NOTHING_KNOWN, float)


def test_unknown_names_are_not_remembered() -> None:
    names = Names(yard())
    for number in range(5):
        found = plan(names, Case(f"x{number}", "chat", DIALECTS, KEY, Given()), NOTHING_KNOWN, float)
        assert isinstance(found, Failure)
        assert found.code == "model_not_found"
    assert names.ready == {}


def test_what_a_key_may_not_use_is_refused_as_such() -> None:
    narrow = Key("k", "narrow", "p", "o", models=("m2",))
    failure = refused(yard(), "m1", key=narrow)
    assert failure.code == "model_not_allowed"
    assert "narrow" in failure.message
    assert asked(made(yard(), "m2", key=narrow)) == ["hb/m2"]


def test_a_name_that_cannot_do_it_says_why() -> None:
    directory = yard(offerings=(offering("ha", "e5", capabilities=frozenset({"embed"})),))
    failure = refused(directory, "e5")
    assert failure.code == "model_unusable"
    assert "chat" in failure.message


def test_a_project_constrains_calls_without_a_route() -> None:
    law = Project("p", "law", constraints=Constraints(residency=("EU",)))
    found = made(yard(projects={"p": law}), "m1")
    assert asked(found) == ["ha/m1"]
    assert reasons(found) == {"hb/m1": "residency"}
    failure = refused(yard(projects={"p": law}), "hb/m1")
    assert "EU" in failure.message
    assert asked(made(yard(projects={"q": law}), "m1")) == ["ha/m1", "hb/m1"]


def test_a_key_of_a_project_that_is_not_known_may_call_nothing() -> None:
    law = Project("p", "law", constraints=Constraints(residency=("EU",)))
    stranger = Key("k", "stranger", "elsewhere", "o")
    failure = refused(yard(projects={"p": law}), "m1", key=stranger)
    assert (failure.code, failure.http_status, failure.retry_after) == ("unknown_project", 503, 1)
    assert "stranger" in failure.message
    case = Case("m1", "chat", DIALECTS, stranger, Given())
    assert judged(Names(yard()), case, NOTHING_KNOWN, float) == (failure, ())
    nobody = Key("", "", "", "")
    assert asked(made(yard(), "m1", key=nobody)) == ["ha/m1", "hb/m1"]


def test_a_model_that_no_list_has_passes_no_condition_it_might_break() -> None:
    law = Project("p", "law", constraints=Constraints(residency=("EU",)))
    assert asked(made(yard(), "hb/brand-new")) == ["hb/brand-new"]
    assert refused(yard(projects={"p": law}), "hb/brand-new").code == "model_unusable"


def test_ceilings_hold_for_shadows_and_judges_at_the_length_of_the_call() -> None:
    tiers = (PriceTier(input=1, output=1), PriceTier(above=1000, input=9_000_000, output=9_000_000))
    offered = (
        offering("ha", "m", price=price(1)),
        offering("ha", "large", price=price(1)),
        offering("ha", "long", price=Price(tiers)),
    )
    ceiling = Constraints(max_input_price=2_000_000)
    shadowed = Route("r", targets=targets("m"), shadows=("long",), constraints=ceiling)
    judge = Check("judge", judge="long")
    judged = Route("r", "cascade", targets=(Target("m", check=judge), Target("large")), constraints=ceiling)
    for tokens, kept in ((10, True), (2000, False)):
        facts = Facts(tokens=tokens)
        shadows = made(yard(offerings=offered, routes=(shadowed,)), "r", facts=facts).shadows
        assert [item.name for item in shadows] == ["ha/long"] * kept
        found = made(yard(offerings=offered, routes=(judged,)), "r", facts=facts)
        assert asked(found) == ["ha/m"] * kept + ["ha/large"]
        assert all(each.name == "ha/long" for step in found.steps for each in step.judges)


# Routes


def test_priority_then_fallbacks_across_makers() -> None:
    route = Route("r", targets=targets("m1"), fallbacks=("m2", "m3"))
    found = made(yard(routes=(route,)), "r")
    assert asked(found) == ["ha/m1", "hb/m1", "hb/m2", "hc/m3"]
    assert (found.route, found.names[0]) == ("r", "r")
    assert found.steps[0].names == ("r", "m1")


def test_routes_and_aliases_lead_to_routes() -> None:
    routes = (Route("inner", targets=targets("m2")), Route("outer", targets=targets("inner", "m1")))
    directory = yard(routes=routes, rules=Rules(aliases=(("gpt-*", "outer"),)))
    found = made(directory, "gpt-5")
    assert asked(found) == ["hb/m2", "ha/m1", "hb/m1"]
    assert found.steps[0].names == ("gpt-5", "outer", "inner", "m2")
    assert found.route == "outer"


def test_a_route_may_have_a_models_own_name() -> None:
    found = made(yard(routes=(Route("m1", targets=targets("m2", "m1")),)), "m1")
    assert asked(found) == ["hb/m2", "ha/m1", "hb/m1"]


def test_a_circle_ends_and_says_so() -> None:
    routes = (Route("a", targets=targets("b")), Route("b", targets=targets("a", "m2")))
    found = made(yard(routes=routes), "a")
    assert asked(found) == ["hb/m2"]
    assert reasons(found) == {"a": "cycle"}


def test_the_conditions_of_all_routes_on_the_way_hold() -> None:
    inner = Route("inner", targets=targets("m1", "m2"), constraints=Constraints(makers=("acme",)))
    outer = Route("outer", targets=targets("inner"), constraints=Constraints(hosts=("hb",)))
    assert asked(made(yard(routes=(inner, outer)), "outer")) == ["hb/m1"]


def test_nothing_left_tells_every_reason() -> None:
    route = Route("r", targets=targets("m1", "m2"), constraints=Constraints(jurisdictions=("FR",)))
    failure = refused(yard(routes=(route,)), "r")
    assert failure.code == "nothing_left"
    assert all(name in failure.message for name in ("ha/m1", "hb/m1", "hb/m2"))


def test_a_cascade_climbs_by_stages() -> None:
    sure = Check("confidence", 0.8)
    route = Route("c", "cascade", targets=(Target("m1", check=sure), Target("m2")), fallbacks=("m3",))
    found = made(yard(routes=(route,)), "c")
    told = [(step.candidate.name, step.stage, step.check) for step in found.steps]
    assert told == [("ha/m1", 0, sure), ("hb/m1", 0, sure), ("hb/m2", 1, None), ("hc/m3", 2, None)]


def test_a_judge_that_may_not_be_asked_takes_its_step_away() -> None:
    judged = Check("judge", 0.5, judge="m3")
    route = Route("c", "cascade", targets=(Target("m1", check=judged), Target("m2")))
    found = made(yard(routes=(route,)), "c")
    assert [item.name for item in found.steps[0].judges] == ["hc/m3"]
    strict = Route("c", "cascade", route.targets, constraints=Constraints(jurisdictions=("US", "DE")))
    found = made(yard(routes=(strict,)), "c")
    assert asked(found) == ["hb/m2"]
    assert reasons(found)["ha/m1"] == "no_judge"


def test_a_canary_gets_its_share_and_stands_in_for_nobody() -> None:
    route = Route("c", "canary", targets=(Target("m1"), Target("m2", 100)))
    directory = yard(routes=(route,))
    assert asked(made(directory, "c", chance=lambda: 0.0999)) == ["hb/m2", "ha/m1", "hb/m1"]
    found = made(directory, "c", chance=lambda: 0.1)
    assert asked(found) == ["ha/m1", "hb/m1"]
    assert reasons(found) == {"hb/m2": "not_this_time"}


def test_shadows_get_their_share_under_the_same_conditions() -> None:
    route = Route("s", targets=targets("m1"), shadows=("m2", "m3"), shadow_share=500)
    directory = yard(routes=(route,))
    assert [item.name for item in made(directory, "s").shadows] == ["hb/m2", "hc/m3"]
    assert made(directory, "s", chance=lambda: 0.5).shadows == ()
    strict = Route(
        "s", targets=targets("m1"), shadows=("m2", "m3"), constraints=Constraints(jurisdictions=("US",))
    )
    assert [item.name for item in made(yard(routes=(strict,)), "s").shadows] == ["hb/m2"]


def test_an_open_breaker_chooses_but_never_takes_the_last() -> None:
    directory = yard(routes=(Route("r", targets=targets("m1")),))
    for name in ("m1", "r"):
        found = made(directory, name, standings=Standings(closed_off=frozenset({"ha/m1"})))
        assert asked(found) == ["hb/m1"]
        assert reasons(found) == {"ha/m1": "closed_off"}
        both = Standings(closed_off=frozenset({"ha/m1", "hb/m1"}))
        assert asked(made(directory, name, standings=both)) == ["ha/m1", "hb/m1"]


def test_what_a_route_says_of_losses_goes_with_its_steps() -> None:
    strict = LossPolicy("refuse")
    route = Route("r", targets=targets("m1"), constraints=Constraints(losses=strict))
    assert made(yard(routes=(route,)), "r").steps[0].losses == (strict,)


# What this very call is like


def test_a_call_goes_where_it_fits() -> None:
    offerings = (
        offering("ha", "short", context=1000),
        offering("hb", "long", context=100_000, capabilities=frozenset({"chat", "tools"})),
    )
    directory = yard(offerings=offerings, routes=(Route("r", targets=targets("short", "long")),))
    assert asked(made(directory, "r", facts=Facts(tokens=900))) == ["ha/short", "hb/long"]
    found = made(directory, "r", facts=Facts(tokens=900, output=200))
    assert (asked(found), reasons(found)) == (["hb/long"], {"ha/short": "too_long"})
    found = made(directory, "r", facts=Facts(needs=frozenset({"tools"})))
    assert (asked(found), reasons(found)) == (["hb/long"], {"ha/short": "lacks"})
    assert "200000" in refused(directory, "r", facts=Facts(tokens=200_000)).message


def test_the_call_is_not_read_where_it_makes_no_difference() -> None:
    class Closed(Given):
        def facts(self) -> Facts:
            raise AssertionError("nobody needed to read the call")

    directory = yard(routes=(Route("r", targets=targets("m1", "m2")),))
    for name in ("m1", "r"):
        case = Case(name, "chat", DIALECTS, KEY, Closed())
        assert isinstance(plan(Names(directory), case, NOTHING_KNOWN, float), Plan)


# Properties

POLICIES: tuple[PolicyName, ...] = ("priority", "weighted", "cheapest", "fastest", "sticky", "canary")


@st.composite
def offerings(draw: st.DrawFn) -> tuple[Offering, ...]:
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from("abc"), st.sampled_from(["m1", "m2", "m3"])), min_size=1, unique=True
        )
    )
    return tuple(
        offering(
            f"h{at}",
            name,
            maker=draw(st.sampled_from(["", "acme", "bolt"])),
            price=draw(st.sampled_from([None, price(1), price(5), price(20)])),
            residency=draw(st.sampled_from([(), ("DE",), ("EU",), ("US",), ("US", "EU")])),
            jurisdiction=draw(st.sampled_from(["", "DE", "US"])),
            licence=draw(st.sampled_from(["", "MIT", "proprietary"])),
            open_weights=draw(st.sampled_from([None, True, False])),
            context=draw(st.sampled_from([None, 1000, 100_000])),
            data_classes=draw(st.sampled_from([(), ("public",), ("p*", "internal")])),
            capabilities=draw(
                st.sampled_from([frozenset[str](), frozenset({"chat"}), frozenset({"chat", "tools"})])
            ),
        )
        for at, name in pairs
    )


constraints = st.builds(
    Constraints,
    capabilities=st.sampled_from([frozenset[str](), frozenset({"tools"})]),
    context=st.sampled_from([None, 5000]),
    max_input_price=st.sampled_from([None, 4_000_000, 10_000_000]),
    residency=st.sampled_from([(), ("EU",), ("EU", "US")]),
    jurisdictions=st.sampled_from([(), ("EU",)]),
    licences=st.sampled_from([(), ("mit", "apache-*")]),
    open_weights=st.booleans(),
    not_makers=st.sampled_from([(), ("bolt",)]),
    not_hosts=st.sampled_from([(), ("ha",)]),
)
NAMES = st.lists(st.sampled_from(["m1", "m2", "m3", "ha/m1"]), min_size=2, max_size=2, unique=True)
FACTS = st.builds(
    Facts,
    tokens=st.sampled_from([10, 5000]),
    needs=st.sampled_from([frozenset[str](), frozenset({"tools"})]),
    session=st.sampled_from(["", "one"]),
    prefix=st.sampled_from(["", "x"]),
)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Directory, Facts, Standings, int]:
    offered = draw(offerings())
    route = Route(
        "r",
        draw(st.sampled_from(POLICIES)),
        targets=tuple(Target(name, draw(st.integers(0, 3))) for name in draw(NAMES)),
        fallbacks=tuple(draw(st.lists(st.sampled_from(["m1", "m3", "nothing"]), max_size=2))),
        constraints=draw(constraints),
        sticky_by=draw(st.sampled_from(["session", "prefix"])),
        shadows=tuple(draw(st.lists(st.sampled_from(["m2"]), max_size=1))),
    )
    project = Project("p", "law", draw(st.sampled_from(["", "public", "secret"])), draw(constraints))
    closed = draw(st.frozensets(st.sampled_from([item.name for item in offered])))
    standings = Standings(closed, {"ha/m1": 0.5, "hb/m1": 0.1})
    return (
        yard(offerings=offered, routes=(route,), projects={"p": project}),
        draw(FACTS),
        standings,
        draw(st.integers()),
    )


@given(situations())
def test_nothing_that_was_dropped_is_in_a_plan_and_everything_is_explained(
    situation: tuple[Directory, Facts, Standings, int],
) -> None:
    directory, facts, standings, seed = situation
    case = Case("r", "chat", DIALECTS, KEY, Given(facts))
    found = plan(Names(directory), case, standings, Random(seed).random)
    if isinstance(found, Failure):
        assert found.code in ("nothing_left", "model_not_found")
        return
    verdicts = {item.offering: item.kept for item in found.considered}
    assert all(verdicts[step.candidate.name] for step in found.steps)
    assert all(verdicts[shadow.name] for shadow in found.shadows)
    named = {target.model for target in directory.routes[0].targets} | {*directory.routes[0].fallbacks}
    reachable = {item.name for item in directory.offerings if named & {item.name, item.model}}
    assert reachable <= verdicts.keys()
    kept = {name for name, keeps in verdicts.items() if keeps}
    assert kept == {step.candidate.name for step in found.steps} | {item.name for item in found.shadows}


@given(situations(), constraints)
def test_another_condition_never_lets_more_through(
    situation: tuple[Directory, Facts, Standings, int], more: Constraints
) -> None:
    directory, facts, _, _ = situation
    (route,) = directory.routes
    outer = Route("strict", targets=targets("r"), constraints=more)
    both = yard(offerings=directory.offerings, routes=(route, outer), projects=directory.projects)
    names = Names(both)
    results = {}
    for name in ("r", "strict"):
        found = plan(names, Case(name, "chat", DIALECTS, KEY, Given(facts)), NOTHING_KNOWN, float)
        results[name] = set(asked(found)) if isinstance(found, Plan) else set()
    assert results["strict"] <= results["r"]


@given(
    offerings(),
    st.permutations(["m1", "m2", "m3"]),
    st.sampled_from(["cheapest", "fastest", "sticky"]),
    FACTS,
)
def test_where_targets_are_only_a_set_their_order_means_nothing_but_for_ties(
    offered: tuple[Offering, ...], order: list[str], policy: PolicyName, facts: Facts
) -> None:
    distinct = tuple(
        Offering(**{**{n: getattr(item, n) for n in item.__struct_fields__}, "price": price(number + 1)})
        for number, item in enumerate(offered)
    )
    standings = Standings(first_event={item.name: number / 10 for number, item in enumerate(distinct)})
    known = Facts(facts.tokens, facts.output, facts.needs, facts.session or "s", facts.prefix)
    plans = []
    for names in (["m1", "m2", "m3"], order):
        directory = yard(offerings=distinct, routes=(Route("r", policy, targets(*names)),))
        found = plan(
            Names(directory), Case("r", "chat", DIALECTS, KEY, Given(known)), standings, lambda: 0.99
        )
        plans.append(asked(found) if isinstance(found, Plan) else [])
    assert plans[0] == plans[1]


@pytest.mark.parametrize("weights", [(1, 1), (9, 1), (3, 2), (0, 1)])
def test_shares_come_to_the_weights(weights: tuple[int, int]) -> None:
    route = Route("w", "weighted", targets=(Target("ha/m1", weights[0]), Target("m2", weights[1])))
    names = Names(yard(routes=(route,)))
    chance = Random(7).random
    first: Counter[str] = Counter()
    for _ in range(4000):
        found = plan(names, Case("w", "chat", DIALECTS, KEY, Given()), NOTHING_KNOWN, chance)
        assert isinstance(found, Plan)
        first[found.steps[0].candidate.name] += 1
    assert first["ha/m1"] / 4000 == pytest.approx(weights[0] / sum(weights), abs=0.03)
