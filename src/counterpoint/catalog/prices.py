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
* `request` is charged once per call, `web_search` per thousand searches.
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
_counts = attrgetter(*TOKEN_CLASSES)
_NO_TIER = PriceTier()


def cost_of(usage: Usage, price: Price | None) -> Decimal | None:
    """What `usage` costs in units of `price.currency`, exact; `None` if a price that it needs is not known."""
    if price is None:
        return None
    if not usage.reported and not is_free(price):
        return None
    pico = price.request * 1_000_000
    counts = _counts(usage)
    if usage.web_searches:
        if price.web_search is None:
            return None
        pico += usage.web_searches * price.web_search * 1000
    if price.marginal and len(price.tiers) > 1:
        return _marginal(counts, price, pico)
    tier = _tier_for(price.tiers, counts)
    for name, count in zip(TOKEN_CLASSES, counts, strict=True):
        if count:
            rate: int | None = getattr(tier, name)
            if rate is None:
                if name != "reasoning" or tier.output is None:
                    return None
                rate = tier.output
            pico += count * rate
    return Decimal(pico).scaleb(-12)


def lines_of(usage: Usage, price: Price) -> dict[str, Decimal | None]:
    """The cost by what is charged, for people to read: token classes with tokens, `web_searches`, `request`.

    The lines add up to `cost_of`; a line is `None` where its price is not known.
    """
    marked = {name: getattr(usage, name) for name in TOKEN_CLASSES if getattr(usage, name)}
    lines: dict[str, Decimal | None]
    if price.marginal and len(price.tiers) > 1:
        lines = _marginal_lines(_counts(usage), price)
    else:
        tier = _tier_for(price.tiers, _counts(usage))
        lines = {name: _amount(count, rate_of(tier, name)) for name, count in marked.items()}
    if usage.web_searches:
        lines["web_searches"] = (
            None
            if price.web_search is None
            else Decimal(usage.web_searches * price.web_search * 1000).scaleb(-12)
        )
    if price.request:
        lines["request"] = Decimal(price.request).scaleb(-6)
    return lines


def rate_of(tier: PriceTier, name: str) -> int | None:
    """The price of a token class in a tier, micro-units per million tokens."""
    rate: int | None = getattr(tier, name)
    return tier.output if rate is None and name == "reasoning" else rate


def tier_for(price: Price, usage: Usage) -> PriceTier:
    """The tier that prices `usage` (that its whole input ends in)."""
    return _tier_for(price.tiers, _counts(usage))


def is_free(price: Price) -> bool:
    """Whether nothing is charged, whatever is used: every class has a price and it is zero."""
    return (
        price.request == 0
        and price.web_search == 0
        and bool(price.tiers)
        and all(rate_of(tier, name) == 0 for tier in price.tiers for name in TOKEN_CLASSES)
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


def _amount(count: int, rate: int | None) -> Decimal | None:
    return None if rate is None else Decimal(count * rate).scaleb(-12)


def _marginal(counts: tuple[int, ...], price: Price, pico: int) -> Decimal | None:
    total = Decimal(pico).scaleb(-12)
    for amount in _marginal_lines(counts, price).values():
        if amount is None:
            return None
        total += amount
    return total


def _marginal_lines(counts: tuple[int, ...], price: Price) -> dict[str, Decimal | None]:
    """Lay the input classes end to end over the bands, and price each piece in the band it lies in."""
    tiers = price.tiers
    ends = [tier.above for tier in tiers[1:]]
    lines: dict[str, Decimal | None] = {}
    band, position = 0, 0
    for name, count in zip(INPUT_CLASSES, counts[:_INPUTS], strict=True):
        pico: int | None = 0
        left = count
        while left:
            room = ends[band] - position if band < len(ends) else left
            if room <= 0:
                band += 1
                continue
            piece = min(left, room)
            rate = rate_of(tiers[band], name)
            pico = None if pico is None or rate is None else pico + piece * rate
            position += piece
            left -= piece
        if count:
            lines[name] = None if pico is None else Decimal(pico).scaleb(-12)
    last = _tier_for(tiers, counts)
    for name, count in zip(OUTPUT_CLASSES, counts[_INPUTS:], strict=True):
        if count:
            lines[name] = _amount(count, rate_of(last, name))
    return lines
