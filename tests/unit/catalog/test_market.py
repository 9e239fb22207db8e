"""Which price stands for a model."""

from datetime import UTC, datetime

import pytest

from counterpoint.catalog.loading import load
from counterpoint.catalog.market import asking, market, offers_of
from counterpoint.catalog.values import HostRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_makers_own_price_stands_for_its_model_not_a_resellers() -> None:
    catalog = load()
    model = catalog.model("claude-sonnet-4-5")
    assert model is not None
    offers = offers_of(catalog, model, NOW)
    own = asking(offers)
    assert own is not None
    assert (own.listing.host, own.first_hand) == ("anthropic", True)
    assert (offers[0].input_price or 0) < (own.input_price or 0), "some reseller lists it for less"


def test_without_the_makers_own_the_cheapest_that_asks_for_money_stands() -> None:
    catalog = load()
    model = catalog.model("llama-3.3-70b-instruct")
    assert model is not None
    offers = tuple(offer for offer in offers_of(catalog, model, NOW) if not offer.first_hand)
    cheapest = asking(offers)
    assert cheapest is not None
    paid = [offer.input_price for offer in offers if offer.input_price]
    assert cheapest.input_price
    assert cheapest.input_price + (cheapest.output_price or 0) <= min(paid) + max(
        offer.output_price or 0 for offer in offers
    )
    assert asking(()) is None


@pytest.mark.parametrize(
    ("host", "maker", "own"),
    [
        (HostRow("openai", "OpenAI"), "openai", True),
        (HostRow("vertex", "Vertex", first_hand=("google",)), "google", True),
        (HostRow("groq", "Groq"), "openai", False),
        (HostRow("x", "X"), "", False),
    ],
)
def test_who_serves_first_hand(host: HostRow, maker: str, own: bool) -> None:
    assert host.makes(maker) is own


def test_prices_are_worked_out_once_a_minute() -> None:
    catalog = load()
    assert market(catalog, NOW) is market(catalog, NOW.replace(second=41))
    assert {stall.model.name for stall in market(catalog, NOW)} == {model.name for model in catalog.models}
