"""Where a name may lead to, before any call: what routes and aliases come to, and what is ruled out for all."""

from counterpoint.directory import Key, Price, PriceTier, Rules
from counterpoint.directory.routes import Check, Constraints, Project, Route, Target
from counterpoint.gateway.names import Names
from counterpoint.gateway.routing.grounds import Ground, ground
from tests.unit.gateway.routing.yard import DIALECTS, KEY, offering, targets, yard


def found(directory: object, requested: str, key: Key = KEY) -> Ground:
    return ground(Names(directory), requested, "chat", DIALECTS, key)  # type: ignore[arg-type]


def kept(of: Ground) -> list[str]:
    return [option.candidate.name for option in of.root.all_options()]


def test_nothing_by_that_name_is_known_to_be_nothing() -> None:
    assert not found(yard(), "nothing").known
    assert found(yard(routes=(Route("r", targets=targets("nothing")),)), "r").known


def test_targets_that_are_nothing_say_so() -> None:
    of = found(yard(routes=(Route("r", targets=targets("m2", "nothing")),)), "r")
    assert kept(of) == ["hb/m2"]
    assert {item.offering: item.reason.rpartition(".")[2] for item in of.considered}[
        "nothing"
    ] == "unknown_name"


def test_what_is_kept_by_one_way_is_kept() -> None:
    strict = Route("strict", targets=targets("m1"), constraints=Constraints(hosts=("hb",)))
    of = found(yard(routes=(strict, Route("r", targets=targets("strict", "m1")))), "r")
    assert all(item.kept for item in of.considered)
    assert kept(of) == ["hb/m1", "ha/m1", "hb/m1"]


def test_a_keys_models_admit_a_route_or_what_it_leads_to() -> None:
    directory = yard(routes=(Route("r", targets=targets("m1", "m2")),))
    by_route = Key("k", "k", "p", "o", models=("r",))
    assert kept(found(directory, "r", by_route)) == ["ha/m1", "hb/m1", "hb/m2"]
    assert kept(found(directory, "m1", by_route)) == []
    by_model = Key("k", "k", "p", "o", models=("m2",))
    assert kept(found(directory, "r", by_model)) == ["hb/m2"]


def test_a_projects_class_of_data_rules_out_hosts_in_every_way() -> None:
    offerings = (offering("ha", "m", data_classes=("public",)), offering("hb", "m"))
    law = Project("p", "law", data_class="secret")
    directory = yard(offerings=offerings, routes=(Route("r", targets=targets("m")),), projects={"p": law})
    assert kept(found(directory, "r")) == kept(found(directory, "m")) == ["hb/m"]


def test_the_call_makes_a_difference_only_where_offerings_differ() -> None:
    alike = (offering("ha", "m", context=1000), offering("hb", "m", context=1000))
    differing = (offering("ha", "m", context=1000), offering("hb", "m", context=2000))
    route = Route("r", targets=targets("m"))
    assert not found(yard(offerings=alike, routes=(route,)), "r").curious
    assert found(yard(offerings=differing, routes=(route,)), "r").curious
    assert not found(yard(offerings=differing), "m").curious


def test_short_and_plain_calls_make_no_difference_at_all() -> None:
    able = frozenset({"chat", "tools", "documents"})
    differing = (
        offering("ha", "m", context=1000, capabilities=able),
        offering("hb", "m", context=2000, capabilities=frozenset()),
    )
    ground = found(yard(offerings=differing, routes=(Route("r", targets=targets("m")),)), "r")
    assert ground.room == 1000
    assert b"image" in ground.signs
    assert b'"tool' not in ground.signs
    tiers = (PriceTier(input=1, output=1), PriceTier(above=300, input=9, output=9))
    dear = (offering("ha", "m", price=Price(tiers=tiers)), offering("hb", "m"))
    capped = Route("r", targets=targets("m"), constraints=Constraints(max_input_price=5_000_000))
    assert found(yard(offerings=dear, routes=(capped,)), "r").room == 300


def test_judges_and_shadows_stand_under_the_same_conditions() -> None:
    judged = Check("judge", judge="m1")
    route = Route(
        "r",
        "cascade",
        (Target("m1", check=judged), Target("m2")),
        constraints=Constraints(hosts=("hb",)),
        shadows=("m1", "m3"),
    )
    of = found(yard(routes=(route,)), "r")
    assert [item.candidate.name for item in of.root.branches[0].judges] == ["hb/m1"]
    assert [[option.candidate.name for option in node.all_options()] for node in of.root.shadows] == [
        ["hb/m1"],
        [],
    ]


def test_an_alias_inside_a_route_leads_on() -> None:
    rules = Rules(aliases=(("best", "m2"),))
    assert kept(found(yard(routes=(Route("r", targets=targets("best")),), rules=rules), "r")) == ["hb/m2"]
