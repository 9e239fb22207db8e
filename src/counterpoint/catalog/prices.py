"""What a usage costs, exactly. Called once per exchange on the gateway's hot path.

Prices are integers: micro-units of the currency per million tokens, so tokens x price is a whole number of
pico-units (1e-12) and nothing is ever rounded. The rules:

* A class with no tokens needs no price. A class with tokens and no price makes the whole cost unknown: `None`.
* `reasoning` without a price of its own costs what `output` costs: every provider that does not list it apart
  bills thinking as output. No other class falls back here: whether a missing cache price means "as input" or
  "unknown" depends on who published the price list, so `schedules` fills it in when it makes the `Price`.
* A tier is reached when the whole input (every class of it, cached or not) is *more* than its threshold, and
  then prices all tokens, output included. Providers publish it so ("prompts > 200k tokens").
* With `marginal`, each band prices the input tokens that lie in it; the classes fill the bands in the order in
  which a prompt is laid out, cached before written before read. Output is priced by the band the input ends in.
* `request` is charged once per call, of rerankings once per search unit; `web_search` per thousand searches,
  `images` per picture of its kind, `characters` per million. `audio_hour` is charged by the second; a part of a
  pico-unit is rounded to the nearest. Where there is no price for tokens, what is charged so is all that is charged:
  Mistral reports the tokens of a recording beside its seconds.
* A usage that the provider did not report has no known cost, unless nothing is charged at all.
"""

from decimal import Decimal
from operator import attrgetter

from counterpoint.canonical.usage import Usage
from counterpoint.directory.values import Price, PriceTier

INPUT_CLASSES = (
    "cache_read",
    "audio_cache_read",
    "cache_write",
    "cache_write_1h",
    "input",
    "audio_in",
    "image_in",
)
"""Token classes that make up the input, in the order in which they fill marginal bands."""

OUTPUT_CLASSES = ("output", "reasoning", "audio_out", "image_out")
TOKEN_CLASSES = INPUT_CLASSES + OUTPUT_CLASSES

_INPUTS = len(INPUT_CLASSES)
_REASONING = TOKEN_CLASSES.index("reasoning")
_fields = attrgetter(*TOKEN_CLASSES)
_NO_TIER = PriceTier()


def cost_of(usage: Usage, price: Price | None, unit: str = "") -> Decimal | None:
    """What `usage` costs in units of `price.currency`, exact; `None` if a price that it needs is not known. `unit`: the
    kind of the pictures in it."""
    if price is None:
        return None
    if not usage.reported and not is_free(price):
        return None
    pico = price.request * 1_000_000 * max(1, usage.search_units)
    counts = _fields(usage)
    if usage.web_searches:
        if price.web_search is None:
            return None
        pico += usage.web_searches * price.web_search * 1000
    if usage.images or usage.audio_seconds or usage.characters:
        counted = _counted(usage, price, unit)
        if counted is None:
            return None
        pico += counted
        if not price.tiers:  # what is charged by the piece is not charged by the token as well
            return Decimal(pico).scaleb(-12)
    if price.marginal and len(price.tiers) > 1:
        charged = _marginal(counts, price, pico)
        return None if charged is None else Decimal(charged).scaleb(-12)
    tier = _tier_for(price.tiers, counts)
    rates = _rates(tier) if usage.reasoning else _fields(tier)
    for index, count in enumerate(counts):
        if count:
            rate = rates[index]
            if rate is None:
                return None
            pico += count * rate
    return Decimal(pico).scaleb(-12)


def _counted(usage: Usage, price: Price, unit: str) -> int | None:
    """What is charged by the piece, the second and the character, in pico-units."""
    pico = 0
    if usage.images:
        kinds = (unit, unit.rpartition("/")[2], "")
        rate = next((price.images[kind] for kind in kinds if kind in price.images), None)
        if rate is None:
            return None
        pico += usage.images * rate * 1_000_000
    if usage.audio_seconds:
        if price.audio_hour is None:
            return None
        pico += (usage.audio_seconds * price.audio_hour * 1_000_000 + 1800) // 3600
    if usage.characters:
        if price.characters is None:
            return None
        pico += usage.characters * price.characters
    return pico


def is_free(price: Price) -> bool:
    """Whether nothing is charged, whatever is used: every class has a price and it is zero."""
    return (
        price.request == 0
        and price.web_search == 0
        and not any(price.images.values())
        and not price.audio_hour
        and not price.characters
        and bool(price.tiers)
        and all(rate == 0 for tier in price.tiers for rate in _rates(tier))
    )


def _tier_for(tiers: tuple[PriceTier, ...], counts: tuple[int, ...]) -> PriceTier:
    if not tiers:
        return _NO_TIER
    reached = tiers[0]
    if len(tiers) > 1:
        total = sum(counts[:_INPUTS])
        for tier in tiers[1:]:
            if total <= tier.above:
                break
            reached = tier
    return reached


def _rates(tier: PriceTier) -> tuple[int | None, ...]:
    """By class, as `TOKEN_CLASSES`, with the one fallback there is."""
    rates: tuple[int | None, ...] = _fields(tier)
    if rates[_REASONING] is None:
        return (*rates[:_REASONING], tier.output, *rates[_REASONING + 1 :])
    return rates


def _marginal(counts: tuple[int, ...], price: Price, pico: int) -> int | None:
    """`pico` and the tokens: the input classes laid end to end over the bands, each piece at its band's price."""
    ends = [tier.above for tier in price.tiers[1:]]
    rates = [_rates(tier) for tier in price.tiers]
    band, laid = 0, 0
    for name, count in enumerate(counts[:_INPUTS]):
        left = count
        while left:
            while band < len(ends) and laid >= ends[band]:
                band += 1
            piece = min(left, ends[band] - laid) if band < len(ends) else left
            rate = rates[band][name]
            if rate is None:
                return None
            pico += piece * rate
            laid += piece
            left -= piece
    last = _rates(_tier_for(price.tiers, counts))
    for count, rate in zip(counts[_INPUTS:], last[_INPUTS:], strict=True):
        if count:
            if rate is None:
                return None
            pico += count * rate
    return pico
