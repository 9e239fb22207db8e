"""The most that a call may cost is never less than what it costs."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.canonical import Usage
from counterpoint.catalog.prices import cost_of
from counterpoint.directory import Directory
from counterpoint.directory.values import Offering, Price, PriceTier
from counterpoint.gateway.asking import ADDED, Asking, asking
from counterpoint.gateway.bounds import Bound, Bounds

RATES = st.integers(0, 50_000_000)
TIERS = st.builds(
    PriceTier,
    above=st.sampled_from([0, 50, 500]),
    input=RATES,
    cache_read=st.none() | RATES,
    cache_write=RATES,
    cache_write_1h=RATES,
    output=RATES,
    reasoning=st.none() | RATES,
)


def offering(price: Price | None, **values: Any) -> Offering:
    return Offering("h", "m", "m", price=price, **values)


def bound(asked: Asking, known: Offering, currency: str, rates: dict[str, Decimal]) -> Bound:
    return Bounds(Directory(currency=currency, rates=rates)).of(asked, known)


def body(**fields: Any) -> bytes:
    return json.dumps(
        {"model": "m", "messages": [{"role": "user", "content": "word " * 100}], **fields}
    ).encode()


@given(
    st.lists(TIERS, min_size=1, max_size=3),
    st.integers(0, 500),
    st.integers(0, 300),
    st.booleans(),
    st.data(),
)
def test_no_usage_within_a_call_costs_more_than_its_bound(
    tiers: list[PriceTier], said: int, request: int, cached: bool, data: st.DataObject
) -> None:
    ascending = sorted({tier.above: tier for tier in tiers}.values(), key=lambda tier: tier.above)
    price = Price(tiers=tuple(ascending), request=request)
    asked = body(max_tokens=500, **({"cache_control": {}} if cached else {}))
    read = data.draw(st.integers(0, len(asked)))
    usage = Usage(input=read if not cached else 0, cache_write_1h=read if cached else 0, output=said)
    most = bound(asking("chat", "openai-chat", asked), offering(price), "USD", {})
    cost = Bounds(Directory()).converted(cost_of(usage, price), "USD")
    assert most.money is not None
    assert cost is not None
    assert cost <= most.money
    assert usage.input_total + usage.output_total <= most.tokens


PLAIN = Price(tiers=(PriceTier(input=1_000_000, output=10_000_000),))


@pytest.mark.parametrize(
    ("dialect", "fields", "output"),
    [
        ("openai-chat", {"max_tokens": 5}, 5),
        ("openai-chat", {"max_completion_tokens": 5, "n": 3}, 15),
        ("openai-responses", {"max_output_tokens": 5}, 5),
        ("gemini-generate", {"generationConfig": {"maxOutputTokens": 5, "candidateCount": 2}}, 10),
        ("bedrock-converse", {"inferenceConfig": {"maxTokens": 5}}, 5),
        ("ollama-chat", {"options": {"num_predict": 5}}, 5),
        ("ollama-chat", {"options": {"num_predict": -1}}, 1_000),
        ("openai-chat", {"max_tokens": 10**9}, 1_000),
        ("openai-chat", {"max_tokens": "five"}, 1_000),
        ("openai-chat", {}, 1_000),
    ],
)
def test_output_is_what_the_request_allows_or_the_model_can(
    dialect: str, fields: dict[str, Any], output: int
) -> None:
    asked = body(**fields)
    assert (
        bound(asking("chat", dialect, asked), offering(PLAIN, max_output=1_000), "USD", {}).tokens
        == len(asked) + ADDED + output
    )


def test_what_is_not_in_the_body_counts_by_all_that_the_model_can_read() -> None:
    known = offering(PLAIN, context=128_000, max_output=10)
    for fields in (
        {"document": {"type": "file", "url": "https://example.com/long.pdf"}},
        {"previous": [{"file_id": "f"}, {"type": "input_file", "file": "x"}], "x": {"file": {}}},
    ):
        assert bound(asking("chat", "openai-chat", body(**fields)), known, "USD", {}).tokens == 128_010
    assert (
        bound(asking("chat", "openai-chat", body(image={"data": "AAAA"})), known, "USD", {}).tokens > 50_000
    )


def test_a_search_that_has_no_price_makes_the_whole_unknown() -> None:
    asked = asking("chat", "openai-chat", body(tools=[{"type": "web_search"}]))
    assert bound(asked, offering(PLAIN, context=1_000), "USD", {}).money is None
    priced = Price(tiers=PLAIN.tiers, web_search=10_000_000)
    assert (bound(asked, offering(priced, context=1_000), "USD", {}).money or 0) > 100_000


def test_pictures_sound_and_speech_cost_by_the_piece() -> None:
    pictures = Price(images={"": 40_000, "hd/1024x1024": 80_000})
    asked = json.dumps({"model": "m", "prompt": "a cat", "n": 2}).encode()
    assert bound(asking("image", "openai-images", asked), offering(pictures), "USD", {}).money == 160_000
    assert bound(asking("image", "openai-images", b"--form"), offering(pictures), "USD", {}).money == 800_000
    heard = bound(
        asking("transcribe", "openai-chat", b"x" * 750 * 60), offering(Price(audio_hour=360_000)), "USD", {}
    )
    assert heard.money == 6_000
    spoken = bound(
        asking("speak", "openai-chat", b"x" * 1_000), offering(Price(characters=15_000_000)), "USD", {}
    )
    assert spoken.money == 15_000


def test_what_has_no_price_or_no_rate_is_unknown_never_nothing() -> None:
    asked = asking("chat", "openai-chat", body(max_tokens=1))
    assert bound(asked, offering(None), "USD", {}).money is None
    assert bound(asked, offering(PLAIN), "EUR", {}).money is None
    in_euros = bound(asked, offering(PLAIN), "EUR", {"USD": Decimal("0.5")}).money
    in_dollars = bound(asked, offering(PLAIN), "USD", {}).money
    assert in_euros is not None
    assert in_dollars is not None
    assert in_euros == -(-in_dollars // 2)
    assert bound(asking("count_tokens", "openai-chat", body()), offering(None), "USD", {}).money == 0
