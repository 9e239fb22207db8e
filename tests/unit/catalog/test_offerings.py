"""Directory rows for a configured host."""

from datetime import UTC, datetime

from counterpoint.canonical import Usage
from counterpoint.catalog.loading import load
from counterpoint.catalog.offerings import offerings_for
from counterpoint.catalog.prices import cost_of
from counterpoint.directory.values import FREE

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_a_cloud_host_offers_what_the_catalogue_lists() -> None:
    offerings = {offering.id: offering for offering in offerings_for("anthropic", load(), NOW)}
    assert len(offerings) == len(load().listings_at("anthropic"))
    sonnet = offerings["claude-sonnet-4-5-20250929"]
    assert sonnet.name == "anthropic/claude-sonnet-4-5-20250929"
    assert (sonnet.model, sonnet.maker) == ("claude-sonnet-4-5", "anthropic")
    assert sonnet.context == 200_000
    assert {"chat", "tools", "images", "reasoning"} <= sonnet.capabilities
    assert sonnet.retires == "2026-11-30"
    assert datetime.fromtimestamp(sonnet.created, UTC).year == 2025
    assert str(cost_of(Usage(input=1_000, output=100), sonnet.price)) == "0.004500000000"


def test_a_use_under_another_name_keeps_that_name() -> None:
    (first, *_) = offerings_for("groq-eu", load(), NOW, row="groq")
    assert first.host == "groq-eu"


def test_ids_that_the_host_names_are_recognised() -> None:
    """Azure's ids are the names of deployments; a local server lists whatever it has loaded."""
    deployed = offerings_for("azure", load(), NOW, ids=["gpt-4o-mini", "our-own-name", "gpt-4o-mini"])
    assert [offering.id for offering in deployed] == ["gpt-4o-mini", "our-own-name"]
    assert deployed[0].price is not None
    assert (deployed[1].model, deployed[1].price) == ("our-own-name", None)
    (local,) = offerings_for("box", load(), NOW, row="vllm", ids=["meta-llama/Llama-3.3-70B-Instruct"])
    assert (local.model, local.maker, local.id) == (
        "llama-3.3-70b-instruct",
        "meta",
        "meta-llama/Llama-3.3-70B-Instruct",
    )
    assert local.price == FREE
    (unknown,) = offerings_for("mine", load(), NOW, row="custom", ids=["qwen3-32b"])
    assert (unknown.model, unknown.maker, unknown.price) == ("qwen3-32b", "alibaba", None)


def test_an_offering_costs_what_it_costs_on_the_day() -> None:
    def sol(when: datetime) -> int | None:
        offerings = offerings_for("openai", load(), when, ids=["o3"])
        price = offerings[0].price
        return price.tiers[0].input if price else None

    assert sol(datetime(2025, 6, 9, tzinfo=UTC)) == 10_000_000
    assert sol(datetime(2025, 6, 10, tzinfo=UTC)) == 2_000_000


def test_names_at_a_host_are_unique() -> None:
    """A worker looks offerings up by host and id."""
    catalog = load()
    for host in catalog.hosts:
        ids = [offering.id for offering in offerings_for(host, catalog, NOW)]
        assert len(ids) == len(set(ids)), host
