"""Look-ups: by name under any spelling, by host and id, by pattern, at the host that is resold."""

from datetime import UTC, datetime

import msgspec

from counterpoint.catalog.archive import SCHEMA, Archive, Row
from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.loading import load
from counterpoint.catalog.values import (
    Clause,
    HostRow,
    MatchRule,
    Model,
    PriceList,
    Schedule,
    Source,
)
from counterpoint.directory.values import PriceTier

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def price(rate: int) -> PriceList:
    return PriceList(schedules=(Schedule(tiers=(PriceTier(input=rate, output=rate),)),), source="test")


def regional(*rows: Row) -> Catalog:
    archive = Archive(
        schema=SCHEMA,
        date="2026-01-01",
        sources=(
            Source(name="test", display="T", url="u", licence="MIT", attribution="a", date="2026-01-01"),
        ),
        makers=(),
        models=(Model(name="acme-1"),),
        prices=(price(1), price(2)),
        listings={"host": rows},
        rules={"host": (MatchRule(when=Clause(starts_with="acme-1-"), id=rows[0].id),)},
    )
    hosts = {"reseller": HostRow(name="reseller", display="R", fallbacks=("host",))}
    return Catalog(archive, hosts)


def test_a_model_is_found_under_any_of_its_names() -> None:
    catalog = load()
    for name in (
        "llama-3.3-70b-instruct",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "llama-3.3-70b-versatile",
    ):
        model = catalog.model(name)
        assert model is not None
        assert (model.name, model.maker, model.open_weights) == ("llama-3.3-70b-instruct", "meta", True)
    claude = catalog.model("claude-sonnet-4-5-20250929")
    assert claude is not None
    assert (claude.name, claude.licence, claude.open_weights) == ("claude-sonnet-4-5", "proprietary", False)
    assert catalog.model("no such model at all") is None
    assert catalog.makers["meta"].country == "US"
    assert catalog.makers["mistral"].country == "FR"


def test_snapshots_of_a_moving_name_are_models_of_their_own() -> None:
    catalog = load()
    names = {name: catalog.model(name) for name in ("gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20")}
    assert len({model.name for model in names.values() if model}) == 3


def test_one_model_is_offered_by_many_hosts() -> None:
    catalog = load()
    hosts = catalog.hosts_of("llama-3.3-70b-instruct")
    assert {"groq", "together", "fireworks", "bedrock", "openrouter", "scaleway"} <= set(hosts)
    listings = catalog.listings_of("llama-3.3-70b-instruct")
    assert {listing.model for listing in listings} == {"llama-3.3-70b-instruct"}
    assert [listing.host for listing in listings] == sorted(listing.host for listing in listings)


def test_a_listing_is_found_by_id_by_pattern_and_at_the_host_behind() -> None:
    catalog = load()
    exact = catalog.find("openai", "GPT-4o")
    assert exact is not None
    assert exact.id == "gpt-4o"
    pattern = catalog.find("anthropic", "claude-haiku-4-5-20991231")
    assert pattern is not None
    assert pattern.id == "claude-haiku-4-5"
    deployed = catalog.find("azure-foundry", "claude-haiku-4-5-20991231")
    assert deployed is not None
    assert deployed.model == "claude-haiku-4-5"
    assert catalog.find("openai", "never-heard-of") is None
    assert catalog.find("no-such-host", "gpt-4o") is None


def test_a_pattern_and_a_reseller_lead_to_the_listing() -> None:
    catalog = regional(Row(id="acme-1", model="acme-1", prices=0))
    for host, model_id in (("host", "acme-1-2026"), ("reseller", "ACME-1"), ("reseller", "acme-1-x")):
        found = catalog.find(host, model_id)
        assert found is not None
        assert (found.host, found.id) == ("host", "acme-1")


def test_an_id_with_other_prices_in_each_region_needs_the_region() -> None:
    rows = (
        Row(id="acme-1", model="acme-1", region="eu", prices=0),
        Row(id="acme-1", model="acme-1", region="us", prices=1),
    )
    catalog = regional(*rows)
    undecided, in_eu = catalog.find("host", "acme-1"), catalog.find("host", "acme-1", "eu")
    assert undecided is not None
    assert undecided.prices is None
    assert in_eu is not None
    assert in_eu.prices == price(1)
    same = regional(rows[0], msgspec.structs.replace(rows[1], prices=0)).find("host", "acme-1")
    assert same is not None
    assert same.prices == price(1)


def test_prices_are_those_of_the_day() -> None:
    catalog = load()
    listing = catalog.find("openai", "o3")
    assert listing is not None
    assert listing.prices is not None
    before = catalog.price_of(listing, datetime(2025, 6, 1, tzinfo=UTC))
    after = catalog.price_of(listing, datetime(2025, 7, 1, tzinfo=UTC))
    assert before is not None
    assert after is not None
    assert (before.tiers[0].input, after.tiers[0].input) == (10_000_000, 2_000_000)
    assert catalog.checked(listing.prices)
    batch = catalog.price_of(listing, NOW, service="batch")
    assert batch is not None
    assert batch.tiers[0].input == 1_000_000


def test_every_price_has_a_source_and_a_day() -> None:
    catalog = load()
    for host in catalog.hosts:
        for listing in catalog.listings_at(host):
            if listing.prices is not None:
                assert listing.prices.source in catalog.sources
                assert catalog.checked(listing.prices)


def test_nothing_is_free_of_charge_unless_it_says_so() -> None:
    """A zero in a catalogue usually means that nobody knows."""
    catalog = load()
    for host in catalog.hosts:
        for listing in catalog.listings_at(host):
            price = catalog.price_of(listing, NOW)
            if (
                price
                and price.tiers
                and not price.tiers[0].input
                and not price.tiers[0].output
                and not price.request
            ):
                assert "free" in listing.id or price.tiers[0].audio_in or price.tiers[0].image_in, listing


def test_an_unlisted_price_is_unknown() -> None:
    catalog = regional(Row(id="acme-1", model="acme-1"))
    listing = catalog.find("host", "acme-1")
    assert listing is not None
    assert catalog.price_of(listing, NOW) is None
