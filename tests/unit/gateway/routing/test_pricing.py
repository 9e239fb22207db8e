"""What a call will roughly cost, to compare offerings by."""

from decimal import Decimal

from counterpoint.directory import Directory
from counterpoint.directory.values import FREE
from counterpoint.gateway.routing.plan import Facts
from counterpoint.gateway.routing.pricing import USUAL_OUTPUT, estimated
from tests.unit.gateway.routing.yard import offering, price

HOME = Directory(currency="EUR", rates={"USD": Decimal("0.5")})


def test_input_and_usual_output_in_the_organisations_currency() -> None:
    item = offering("ha", "m", price=price(1, 2))
    expected = (Decimal(1000) + USUAL_OUTPUT * 2) / 1_000_000 / 2
    assert estimated(item, Facts(tokens=1000), HOME, "chat") == expected


def test_no_more_output_than_the_call_may_bring() -> None:
    item = offering("ha", "m", price=price(0, 1))
    assert estimated(item, Facts(output=10), HOME, "chat") == Decimal("0.000005")
    assert estimated(item, Facts(output=10_000), HOME, "chat") == Decimal(USUAL_OUTPUT) / 2_000_000
    assert estimated(item, Facts(tokens=9), HOME, "embed") == 0


def test_what_is_not_known_is_no_price() -> None:
    assert estimated(offering("ha", "m"), Facts(tokens=1), HOME, "chat") is None
    assert (
        estimated(offering("ha", "m", price=price(1, currency="GBP")), Facts(tokens=1), HOME, "chat") is None
    )


def test_free_is_nothing() -> None:
    free = Directory()
    assert estimated(offering("ha", "m", price=FREE), Facts(tokens=1000), free, "chat") == 0
