"""What is wrong with a route is told at the field where it is wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.control.known import Known
from counterpoint.control.routecheck import constraint_faults, first_fault, route_faults, together
from counterpoint.directory.routes import Check, Constraints, Retrying, Route, Target, Timeouts
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.facts import Given
from counterpoint.gateway.routing.plan import NOTHING_KNOWN, Plan
from counterpoint.gateway.routing.planning import Case, plan
from tests.unit.gateway.routing.yard import KEY, yard

SOUND = Route("r", targets=(Target("a"), Target("b")))


@pytest.mark.parametrize(
    ("changes", "path", "sentence"),
    [
        ({"name": "host/model"}, ("name",), "unusable_name"),
        ({"targets": ()}, ("targets",), "no_targets"),
        ({"targets": (Target("a*"),)}, ("targets", 0, "model"), "pattern"),
        ({"targets": (Target("a"), Target("a"))}, ("targets", 1, "model"), "twice"),
        ({"targets": (Target("a", -1),)}, ("targets", 0, "weight"), "negative"),
        ({"policy": "weighted", "targets": (Target("a", 0),)}, ("targets",), "no_weight"),
        ({"policy": "canary", "targets": (Target("a"),)}, ("targets",), "canary_of_two"),
        (
            {"policy": "canary", "targets": (Target("a"), Target("b", 1001))},
            ("targets", 1, "weight"),
            "not_a_share",
        ),
        ({"policy": "cascade"}, ("targets", 0), "no_check"),
        ({"targets": (Target("a", check=Check("schema")),)}, ("targets", 0, "check"), "check_elsewhere"),
        (
            {"policy": "cascade", "targets": (Target("a", check=Check("schema")),)},
            ("targets", 0, "check"),
            "check_on_last",
        ),
        (
            {"policy": "cascade", "targets": (Target("a", check=Check("judge")), Target("b"))},
            ("targets", 0, "check"),
            "no_judge",
        ),
        (
            {"policy": "cascade", "targets": (Target("a", check=Check("confidence", 1.5)), Target("b"))},
            ("targets", 0, "check", "least"),
            "not_a_part",
        ),
        (
            {"policy": "cascade", "targets": (Target("a", check=Check("agreement", samples=1)), Target("b"))},
            ("targets", 0, "check", "samples"),
            "samples",
        ),
        (
            {"policy": "cascade", "targets": (Target("a", check=Check("schema", schema_="[")), Target("b"))},
            ("targets", 0, "check", "schema"),
            "not_a_schema",
        ),
        ({"session_header": "two words"}, ("session_header",), "not_a_header"),
        ({"shadow_share": 1001}, ("shadow_share",), "not_a_share"),
        ({"retrying": Retrying(attempts=0)}, ("retrying", "attempts"), "attempts"),
        ({"retrying": Retrying(base=2, most=1)}, ("retrying", "most"), "most_below_base"),
        ({"retrying": Retrying(budget=2)}, ("retrying", "budget"), "not_a_part"),
        ({"timeouts": Timeouts(total=0.0)}, ("timeouts", "total"), "not_seconds"),
        ({"hedge_after": -1.0}, ("hedge_after",), "not_seconds"),
        (
            {"constraints": Constraints(capabilities=frozenset({"flight"}))},
            ("constraints", "capabilities"),
            "unknown_capability",
        ),
    ],
)
def test_a_fault_is_told_at_its_place(
    changes: dict[str, Any], path: tuple[str | int, ...], sentence: str
) -> None:
    values = {name: getattr(SOUND, name) for name in SOUND.__struct_fields__} | changes
    (fault,) = route_faults(Route(**values))
    assert (fault.path, fault.sentence) == (path, f"control.routes.{sentence}")


def test_what_is_sound_has_no_fault() -> None:
    assert list(route_faults(SOUND)) == []
    cascade = Route("c", "cascade", targets=(Target("a", check=Check("confidence", 0.8)), Target("b")))
    assert list(route_faults(cascade)) == []


def test_places_and_contradictions_of_constraints() -> None:
    (fault,) = constraint_faults(Constraints(residency=("France",)))
    assert fault.path == ("residency",)
    (fault,) = constraint_faults(Constraints(makers=("x", "y"), not_makers=("y",)))
    assert (fault.path, fault.values) == (("not_makers",), {"name": "y"})
    (fault,) = constraint_faults(Constraints(capabilities=frozenset({"tool"})))
    assert fault.hint == "tools"


KNOWN = Known(makers=frozenset({"openai", "mistral"}), hosts=frozenset({"azure-foundry", "inhouse"}))


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Constraints(not_makers=("OpenAI", "mis*"), not_hosts=("Azure-*", "inhouse")), None),
        (Constraints(makers=("nobody",), hosts=("nobody",)), None),
        (
            Constraints(not_makers=("mistral", "opnai")),
            (("not_makers", 1), "excluding_nobody.makers_but", "openai"),
        ),
        (
            Constraints(not_hosts=("azure-foundy",)),
            (("not_hosts", 0), "excluding_nobody.hosts_but", "azure-foundry"),
        ),
        (Constraints(not_hosts=("zzz",)), (("not_hosts", 0), "excluding_nobody.hosts", "")),
    ],
)
def test_an_exclusion_that_excludes_nobody_is_told(
    wanted: Constraints, told: tuple[tuple[str | int, ...], str, str] | None
) -> None:
    found = [
        (fault.path, fault.sentence, fault.values["nearest"]) for fault in constraint_faults(wanted, KNOWN)
    ]
    assert found == ([] if told is None else [(told[0], f"control.routes.{told[1]}", told[2])])
    assert list(constraint_faults(wanted)) == []
    (*named,) = route_faults(Route("r", targets=(Target("a"),), constraints=wanted), KNOWN)
    assert [fault.path[1:] for fault in named] == [path for path, *_ in found]


def test_what_is_demanded_is_not_excluded_by_a_pattern_or_another_case() -> None:
    for excluded in ("Y", "?"):
        (fault,) = constraint_faults(Constraints(makers=("xx", "y"), not_makers=(excluded,)))
        assert (fault.path, fault.values) == (("not_makers",), {"name": "y"})


def _routes(**led: tuple[str, ...]) -> dict[str, Route]:
    return {name: Route(name, targets=tuple(map(Target, targets))) for name, targets in led.items()}


def test_circles_are_found_through_fallbacks_shadows_and_aliases() -> None:
    routes = _routes(a=("b",), b=("c",), c=("model",))
    assert list(together(routes, ())) == []
    for closing in (
        Route("c", targets=(Target("a"),)),
        Route("c", targets=(Target("model"),), fallbacks=("a",)),
        Route("c", targets=(Target("model"),), shadows=("a",)),
        Route("c", targets=(Target("fast-1"),)),
    ):
        found = list(together(routes | {"c": closing}, [("fast-*", "a")]))
        assert {fault.path[0] for fault in found} == {"a", "b", "c"}
        assert {fault.sentence for fault in found} == {"control.routes.circle"}


def test_a_route_may_have_the_models_of_its_own_name() -> None:
    assert list(together(_routes(a=("a", "b"), b=("b",)), ())) == []


def test_a_cascade_in_a_route_that_sorts_would_lose_its_checks() -> None:
    inner = Route("c", "cascade", targets=(Target("x", check=Check("schema")), Target("y")))
    outer = Route("o", "cheapest", targets=(Target("c"), Target("z")))
    (fault,) = together({"c": inner, "o": outer}, ())
    assert (fault.path, fault.sentence) == (("o", "targets", 0), "control.routes.cascade_inside")
    assert list(together({"c": inner, "o": Route("o", targets=outer.targets)}, ())) == []


def test_only_what_a_route_brings_about_is_told_of_it() -> None:
    routes = _routes(a=("b",), b=("a",), c=("model",))
    assert first_fault(routes["c"], routes, ()) is None
    assert first_fault(routes["b"], routes, ()) is not None


NAMES = st.sampled_from(["ra", "rb", "rc", "rd", "m1"])


@given(st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=3, unique=True), max_size=4))
def test_routes_without_a_circle_are_planned_without_one(led: dict[str, list[str]]) -> None:
    routes = _routes(**{name: tuple(targets) for name, targets in led.items()})
    circles = {str(fault.path[0]) for fault in together(routes, ())}
    names = Names(yard(routes=tuple(routes.values())))
    for name in routes:
        made = plan(names, Case(name, "chat", ("openai-chat",), KEY, Given()), NOTHING_KNOWN, float)
        considered = made.considered if isinstance(made, Plan) else ()
        if name not in circles:
            assert not any(item.reason.endswith(".cycle") for item in considered if item.offering == name)
