"""What about a model does not fit, by name."""

from datetime import UTC, datetime

import pytest

from counterpoint.catalog.fitting import Query, asks_of_offers, is_past, misses, offer_misses, score
from counterpoint.catalog.market import Offer, Stall
from counterpoint.catalog.values import Listing, Maker, Model
from counterpoint.directory.values import Price, PriceTier

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
MODEL = Model(
    "tiny-1", "maker", "Tiny 1", "tiny", licence="CC-BY-NC-4.0", context=8192, open_weights=True,
    capabilities=frozenset({"chat", "tools"}), retires="2027-01-31",
)  # fmt: skip
OFFER = Offer(
    Listing("host", "tiny", "tiny-1"), Price(tiers=(PriceTier(input=100_000, output=300_000),)), "FR"
)
STALL = Stall(
    MODEL, Maker("maker", "The Maker", "DE"), (OFFER,), "tiny-1 tiny 1", "tiny maker the maker host"
)


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        (Query(), set()),
        (Query(words=("TINY", "host")), set()),
        (Query(words=("large",)), {"words"}),
        (Query(makers=("other",), min_context=9000), {"maker", "context"}),
        (Query(countries=("DE",)), set()),
        (Query(countries=("FR",)), {"country"}),
        (Query(licences=("cc-by",)), set()),
        (Query(licences=("CC-BY-N",)), {"licence"}),
        (Query(open_weights=False), {"open_weights"}),
        (Query(retires_before="2027-02-01"), set()),
        (Query(retires_before="2027-01-01"), {"retirement"}),
        (Query(among=frozenset({"other"})), {"available"}),
    ],
)
def test_a_model_misses_in_what_it_is_not(query: Query, missed: set[str]) -> None:
    assert misses(STALL, query, NOW) == missed


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        (Query(hosts=("host",), host_countries=("FR",), max_input_price=100_000), set()),
        (Query(hosts=("other",), host_countries=("US",)), {"host", "host_country"}),
        (Query(max_output_price=299_999), {"price"}),
        (Query(capabilities=("tools", "images")), {"capability"}),
    ],
)
def test_an_offer_misses_in_what_it_is_not(query: Query, missed: set[str]) -> None:
    assert offer_misses(OFFER, STALL, query, NOW) == missed


def test_what_has_ended_is_left_out_unless_asked_for() -> None:
    later = datetime(2028, 1, 1, tzinfo=UTC)
    closed = Stall(Model("m", retires="2027-01-31", open_weights=False), None, ())
    assert misses(closed, Query(), later) == {"retirement"}
    assert misses(closed, Query(retired=True), later) == set()
    assert misses(STALL, Query(), later) == set(), "published weights live on"
    assert is_past("2027-01-31", later)
    assert not is_past(None, later)


def test_a_filter_that_is_left_aside_asks_nothing() -> None:
    assert asks_of_offers(Query(hosts=("host",)))
    assert not asks_of_offers(Query(hosts=("host",)), but="host")
    assert asks_of_offers(Query(hosts=("host",), max_input_price=1), but="host")


def test_a_name_counts_more_than_a_host() -> None:
    assert (score(STALL, ("tiny-1",)) or 0) > (score(STALL, ("host",)) or 0) > 0
