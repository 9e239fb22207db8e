"""What an offering must satisfy: each condition, and that what is not known fails."""

from decimal import Decimal
from typing import Any

import pytest

from counterpoint.directory import Directory, Offering
from counterpoint.directory.routes import Constraints
from counterpoint.directory.values import LOCAL_HOST, Price, PriceTier
from counterpoint.gateway.routing.constraints import forbidden_data, misfit, objection, shown, tiered
from counterpoint.gateway.routing.plan import Facts
from tests.unit.gateway.routing.yard import offering, price

NOWHERE = Directory()
EUROPEAN = Directory(currency="EUR", rates={"USD": Decimal("0.9")})
KNOWN = offering(
    "ha",
    "m",
    maker="acme",
    licence="Apache-2.0",
    open_weights=True,
    jurisdiction="DE",
    residency=("DE", "FR"),
    context=8000,
    price=price(2, 4),
)
UNKNOWN = Offering("ha", "x", "x")


def test_a_host_is_excluded_by_the_catalogue_s_name_for_it_too() -> None:
    ours = Offering("ours", "m", "m", maker="acme", catalogued="azure-foundry")
    assert objection(ours, Constraints(not_hosts=("Azure-*",)), NOWHERE, "chat") == (
        "excluded_host",
        {"host": "ours"},
    )
    assert objection(ours, Constraints(hosts=("azure-foundry",)), NOWHERE, "chat") is not None
    assert objection(ours, Constraints(hosts=("ours",)), NOWHERE, "chat") is None


@pytest.mark.parametrize(
    ("wanted", "known", "unknown"),
    [
        ({"capabilities": frozenset({"chat"})}, None, "unknown_capabilities"),
        ({"capabilities": frozenset({"tools"})}, "lacks", "unknown_capabilities"),
        ({"context": 8000}, None, "unknown_context"),
        ({"context": 8001}, "short_context", "unknown_context"),
        ({"residency": ("EU",)}, None, "unknown_residency"),
        ({"residency": ("DE",)}, "residency", "unknown_residency"),
        ({"jurisdictions": ("DE",)}, None, "unknown_jurisdiction"),
        ({"jurisdictions": ("US",)}, "jurisdiction", "unknown_jurisdiction"),
        ({"licences": ("apache-*",)}, None, "unknown_licence"),
        ({"licences": ("MIT",)}, "licence", "unknown_licence"),
        ({"open_weights": True}, None, "unknown_weights"),
        ({"makers": ("acme",)}, None, "unknown_maker"),
        ({"makers": ("bolt",)}, "not_maker", "unknown_maker"),
        ({"not_makers": ("acme",)}, "excluded_maker", "unknown_maker"),
        ({"not_makers": ("bolt",)}, None, "unknown_maker"),
        ({"hosts": ("hb",)}, "not_host", "not_host"),
        ({"not_hosts": ("ha",)}, "excluded_host", "excluded_host"),
        ({"makers": ("ACM?",)}, None, "unknown_maker"),
        ({"not_makers": ("Acme",)}, "excluded_maker", "unknown_maker"),
        ({"not_makers": ("ac*",)}, "excluded_maker", "unknown_maker"),
        ({"hosts": ("H*",)}, None, None),
        ({"not_hosts": ("bolt", "h*")}, "excluded_host", "excluded_host"),
        ({"not_hosts": ("h",)}, None, None),
        ({"max_input_price": 2_000_000}, None, "unknown_price"),
        ({"max_input_price": 1_999_999}, "too_dear", "unknown_price"),
        ({"max_output_price": 3_000_000}, "too_dear", "unknown_price"),
        ({}, None, None),
    ],
)
def test_each_condition_and_that_the_unknown_fails(
    wanted: dict[str, Any], known: str | None, unknown: str | None
) -> None:
    for item, expected in ((KNOWN, known), (UNKNOWN, unknown)):
        found = objection(item, Constraints(**wanted), NOWHERE, "chat")
        assert (found[0] if found else None) == expected


def test_closed_weights_are_told_from_unknown_ones() -> None:
    found = objection(
        offering("ha", "m", open_weights=False), Constraints(open_weights=True), NOWHERE, "chat"
    )
    assert found == ("closed_weights", {})


def test_prices_are_compared_in_the_organisations_currency() -> None:
    assert objection(KNOWN, Constraints(max_input_price=1_800_000), EUROPEAN, "chat") is None
    found = objection(KNOWN, Constraints(max_input_price=1_700_000), EUROPEAN, "chat")
    assert found == ("too_dear", {"price": "1.8", "most": "1.7", "currency": "EUR"})
    pound = offering("ha", "m", price=price(1, currency="GBP"))
    found = objection(pound, Constraints(max_input_price=9_000_000), EUROPEAN, "chat")
    assert found == ("unknown_rate", {"currency": "GBP"})


def test_what_only_reads_has_no_price_of_output() -> None:
    reader = offering("ha", "e", price=Price((PriceTier(input=1_000_000),)))
    wanted = Constraints(max_input_price=2_000_000, max_output_price=2_000_000)
    assert objection(reader, wanted, NOWHERE, "embed") is None
    assert objection(reader, wanted, NOWHERE, "chat") == ("unknown_price", {})


def test_a_ceiling_holds_for_the_tier_that_the_call_reaches() -> None:
    tiers = (PriceTier(input=1, output=1), PriceTier(above=1000, input=5_000_000, output=1))
    item, wanted = offering("ha", "m", price=Price(tiers)), Constraints(max_input_price=2_000_000)
    assert tiered(item, wanted)
    assert not tiered(KNOWN, wanted)
    assert objection(item, wanted, NOWHERE, "chat") is None
    assert misfit(item, Facts(tokens=1000), (wanted,), NOWHERE, "chat") is None
    found = misfit(item, Facts(tokens=1001), (wanted,), NOWHERE, "chat")
    assert found is not None
    assert found[0] == "too_dear"


def test_what_follows_from_the_call_counts_only_where_it_is_known() -> None:
    facts = Facts(tokens=7000, output=2000, needs=frozenset({"images", "streaming"}))
    assert misfit(UNKNOWN, facts, (), NOWHERE, "chat") is None
    found = misfit(KNOWN, facts, (), NOWHERE, "chat")
    assert found == ("too_long", {"tokens": "9000", "context": "8000"})
    found = misfit(KNOWN, Facts(needs=facts.needs), (), NOWHERE, "chat")
    assert found == ("lacks", {"capabilities": "images"})


def test_one_s_own_processes_are_in_no_other_place() -> None:
    local = offering(LOCAL_HOST, "m", data_classes=("public",))
    assert objection(local, Constraints(residency=("FR",), jurisdictions=("FR",)), NOWHERE, "chat") is None
    assert forbidden_data(local, "secret") is None


@pytest.mark.parametrize(
    ("classes", "data_class", "reason"),
    [
        ((), "secret", None),
        (("public", "intern*"), "internal", None),
        (("public",), "secret", "data_class"),
        (("public",), "", "no_data_class"),
        (("*",), "", None),
    ],
)
def test_data_goes_where_its_class_may(classes: tuple[str, ...], data_class: str, reason: str | None) -> None:
    found = forbidden_data(offering("ha", "m", data_classes=classes), data_class)
    assert (found[0] if found else None) == reason


def test_amounts_are_shown_without_needless_noughts() -> None:
    assert [shown(Decimal(value)) for value in (2_000_000, 2_500_000, 1)] == ["2", "2.5", "0.000001"]
