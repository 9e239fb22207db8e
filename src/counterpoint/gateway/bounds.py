"""The most that a call may use and cost, before it is made. Pure.

Budgets hold only as far as these are upper bounds. No tokenizer makes more tokens of a text than it has bytes (all in
use fall back to bytes), so a body's tokens are at most its bytes and what hosts add to it; what stands elsewhere (a
picture's pixels, files and addresses) counts by the most that hosts charge for it, and nothing counts more than the
model's context. Output is what the request allows, else what the model may say at most. Everything at the dearest price
that the offering has for it. Models that call others by themselves are beyond it: no request says what they do.
"""

from decimal import ROUND_CEILING, Decimal

import msgspec

from counterpoint.directory import Directory, Offering
from counterpoint.directory.values import Price, PriceTier
from counterpoint.gateway.asking import Asking

IMAGE_TOKENS = 50_000
"""Of one picture, at the model that makes most of them (OpenAI, "Images and vision": 2,833 and 5,667 a tile)."""
LARGEST_CONTEXT = 2_000_000
"""Of a model of which no context is known."""
SEARCHES = 10
"""Of one call that lets its host search. Hosts name no maximum of their own."""
BYTES_PER_SECOND = 750
"""Of recorded speech at the least: 6 kbit/s is the lowest rate of Opus (RFC 6716, section 2)."""
DOCUMENTS_PER_UNIT = 100
"""Of a search unit (Cohere, "Pricing"); longer documents count as several."""
TOKENS_PER_DOCUMENT = 500
_SPOKEN_PER_BYTE = 40
"""Tokens of sound for one byte of text read aloud."""


Classes = tuple[str, ...]


class Bound(msgspec.Struct, frozen=True, gc=False):
    """`money`: in micro-units of the organisation's currency, `None` where no price or no rate is known."""

    tokens: int
    money: int | None


_NOTHING = Bound(0, 0)


class Bounds:
    """The most that the offerings of a directory may take for a call."""

    def __init__(self, directory: Directory) -> None:
        self.currency = directory.currency
        self.rates = directory.rates
        self._dearest: dict[tuple[int, Classes, Classes], tuple[Price, int | None, int | None]] = {}

    def of(self, asked: Asking, offering: Offering) -> Bound:
        """For that call, by that offering."""
        if asked.operation == "count_tokens":
            return _NOTHING
        read, said = _input(asked, offering), _said(asked, offering)
        price = offering.price
        pico = None if price is None else self._pico(asked, price, read, said)
        if pico is None or price is None:
            return Bound(read + said, None)
        if price.currency == self.currency:
            return Bound(read + said, -(-pico // 1_000_000))
        return Bound(read + said, self.converted(Decimal(pico).scaleb(-12), price.currency))

    def converted(self, cost: Decimal | None, currency: str) -> int | None:
        """An amount in micro-units of the organisation's currency, never less than it is.

        `None` where the amount or its rate is not known."""
        if cost is None:
            return None
        if currency != self.currency:
            rate = self.rates.get(currency)
            if rate is None:
                return 0 if not cost else None
            cost *= rate
        return int(cost.scaleb(6).to_integral_value(ROUND_CEILING))

    def _pico(self, asked: Asking, price: Price, read: int, said: int) -> int | None:
        """The dearest that it may come to, in pico-units; `None` where a price is missing that it may need."""
        pico = price.request * 1_000_000
        if asked.operation == "rerank":
            pico *= max(1, -(-(asked.documents + asked.bytes // TOKENS_PER_DOCUMENT) // DOCUMENTS_PER_UNIT))
        if asked.searching:
            if price.web_search is None:
                return None
            pico += SEARCHES * price.web_search * 1000
        by_piece = _by_piece(asked, price)
        if by_piece is not None:
            pico += by_piece
        if not price.tiers:
            return pico if by_piece is not None or price.request else None
        read_at, said_at = self._dearest_of(price, _read_classes(asked), _said_classes(asked))
        if (read and read_at is None) or (said and said_at is None):
            return None
        return pico + read * (read_at or 0) + said * (said_at or 0)

    def _dearest_of(self, price: Price, read: Classes, said: Classes) -> tuple[int | None, int | None]:
        key = (id(price), read, said)
        known = self._dearest.get(key)
        if known is None or known[0] is not price:
            known = self._dearest[key] = (price, _dearest(price.tiers, read), _dearest(price.tiers, said))
        return known[1], known[2]


def _input(asked: Asking, offering: Offering) -> int:
    context = offering.context or LARGEST_CONTEXT
    if asked.elsewhere or asked.searching:
        return context
    return min(asked.bytes + asked.added + asked.images * IMAGE_TOKENS, context)


def _said(asked: Asking, offering: Offering) -> int:
    """Of all choices together."""
    match asked.operation:
        case "embed" | "rerank" | "moderate":
            return 0
        case "speak":
            return asked.bytes * _SPOKEN_PER_BYTE
    most = offering.max_output or offering.context or LARGEST_CONTEXT
    return (most if asked.output is None else min(asked.output, most)) * asked.choices


def _by_piece(asked: Asking, price: Price) -> int | None:
    """Pictures made, seconds heard and characters spoken, as far as they have a price."""
    if asked.operation == "image" and price.images:
        return asked.choices * max(price.images.values()) * 1_000_000
    if asked.operation == "transcribe" and price.audio_hour is not None:
        seconds = -(-asked.bytes // BYTES_PER_SECOND)
        return -(-seconds * price.audio_hour * 1_000_000 // 3600)
    if asked.operation == "speak" and price.characters is not None:
        return asked.bytes * price.characters
    return None


_READ = ("input",)
_SAID = ("output", "reasoning")


def _read_classes(asked: Asking) -> tuple[str, ...]:
    names: tuple[str, ...] = _READ
    if asked.cached:
        names += ("cache_write", "cache_write_1h")
    if asked.sound or asked.operation in ("transcribe", "realtime"):
        names += ("audio_in",)
    if asked.images or asked.elsewhere:
        names += ("image_in",)
    return names


def _said_classes(asked: Asking) -> tuple[str, ...]:
    names: tuple[str, ...] = _SAID
    if asked.sound or asked.operation in ("speak", "realtime"):
        names += ("audio_out",)
    if asked.operation == "image" or asked.images:
        names += ("image_out",)
    return names


def _dearest(tiers: tuple[PriceTier, ...], names: tuple[str, ...]) -> int | None:
    """`None` where none of them has a price at all."""
    rates = [rate for tier in tiers for name in names if (rate := getattr(tier, name)) is not None]
    return max(rates) if rates else None
