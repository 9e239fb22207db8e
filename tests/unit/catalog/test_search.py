"""Search, filters and what is shown of a model."""

from datetime import UTC, datetime

import pytest

from counterpoint.catalog.loading import load
from counterpoint.catalog.search import Found, Query, search, show, suggestions

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def found(**fields: object) -> list[Found]:
    return search(load(), Query(**fields), when=NOW)  # type: ignore[arg-type]  # the test's own table of fields


def names(**fields: object) -> list[str]:
    return [item.model.name for item in found(**fields)]


def test_words_find_models_by_name_maker_family_or_host() -> None:
    assert "llama-3.3-70b-instruct" in names(words=("llama", "70b", "groq"))[:3]
    assert names(words=("gpt-4o-mini",))[0] == "gpt-4o-mini"
    assert "mistral-large-2512" in names(words=("MISTRAL", "large"))
    assert names(words=("nothing", "is called so")) == []


def test_filters_narrow() -> None:
    french = names(countries=("FR",), capabilities=("chat",))
    assert french
    assert {load().makers[item.model.maker].country for item in found(countries=("FR",))} == {"FR"}
    assert all(item.model.maker == "anthropic" for item in found(makers=("anthropic",)))
    open_ones = found(open_weights=True, licences=("apache",))
    assert open_ones
    assert all(item.model.open_weights and item.model.licence == "Apache-2.0" for item in open_ones)
    assert all((item.model.context or 0) >= 500_000 for item in found(min_context=500_000))


def test_what_is_asked_of_hosts_narrows_the_offers() -> None:
    for item in found(hosts=("groq", "scaleway"), capabilities=("tools",)):
        assert {offer.listing.host for offer in item.offers} <= {"groq", "scaleway"}
        assert item.offers
    in_france = found(host_countries=("FR",), words=("llama-3.3-70b-instruct",))
    assert {offer.listing.host for offer in in_france[0].offers} == {"scaleway", "ovhcloud"}


def test_a_price_ceiling_leaves_unknown_prices_out_and_the_cheapest_comes_first() -> None:
    cheap = found(words=("llama-3.3-70b-instruct",), max_input_price=500_000, max_output_price=1_000_000)[0]
    prices = [(offer.input_price, offer.output_price) for offer in cheap.offers]
    assert prices
    assert all(i is not None and i <= 500_000 and o is not None and o <= 1_000_000 for i, o in prices)
    everywhere = found(words=("llama-3.3-70b-instruct",))[0].offers
    known = [offer for offer in everywhere if offer.input_price is not None]
    assert list(everywhere[: len(known)]) == known
    totals = [(offer.input_price or 0) + (offer.output_price or 0) for offer in known]
    assert totals == sorted(totals)


def test_models_past_their_date_are_left_out_unless_asked_for() -> None:
    everything, living = names(makers=("openai",), retired=True), names(makers=("openai",))
    gone = set(everything) - set(living)
    assert {"o1-pro", "gpt-4-turbo"} <= gone
    assert "gpt-5" in living
    ending = names(makers=("anthropic",), retires_before="2027-01-01")
    assert "claude-sonnet-4-5" in ending
    # Weights that are published outlive their maker's own service.
    assert "deepseek-chat" in names(makers=("deepseek",))


def test_a_limit_keeps_the_best() -> None:
    assert names(words=("gpt",))[:5] == [
        item.model.name for item in search(load(), Query(words=("gpt",)), when=NOW, limit=5)
    ]


@pytest.mark.parametrize(
    "name",
    ["claude-sonnet-4-5", "anthropic/claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "claude-4.5-sonnet"],
)
def test_a_model_is_shown_whole_under_any_name(name: str) -> None:
    shown = show(load(), name, when=NOW)
    assert shown is not None
    assert shown.model.name == "claude-sonnet-4-5"
    assert shown.maker is not None
    assert shown.maker.display == "Anthropic"
    assert {"anthropic", "bedrock", "vertex", "openrouter"} <= {offer.listing.host for offer in shown.offers}
    assert "claude-sonnet-4-6" in shown.siblings


def test_an_unknown_model_is_not_shown_but_suggestions_are() -> None:
    assert show(load(), "no-such-model-anywhere", when=NOW) is None
    assert suggestions(load(), "claude-sonet-4-5")[0] == "claude-sonnet-4-5"


def test_sorting_keeps_what_has_no_such_value_last() -> None:
    dates = [
        item.model.released
        for item in search(load(), Query(words=("llama",)), when=NOW, sort="released", falling=True)
    ]
    known = [date for date in dates if date]
    assert known == sorted(known, reverse=True)
    assert dates[: len(known)] == known
    rising = search(load(), Query(makers=("anthropic",)), when=NOW, sort="price")
    prices = [
        (item.asking.input_price or 0) + (item.asking.output_price or 0) for item in rising if item.asking
    ]
    assert prices == sorted(prices)
    hosts = [item.hosts for item in search(load(), Query(), when=NOW, sort="hosts", falling=True)]
    assert hosts == sorted(hosts, reverse=True)
