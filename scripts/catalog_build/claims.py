"""What one open catalogue says of one model at one host, before anything is decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from counterpoint.catalog.naming import Parsed, parse
from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.catalog.values import Schedule
from counterpoint.directory.values import PriceTier

MICRO = Decimal(1_000_000)


@dataclass(frozen=True)
class Claim:
    """`capabilities` are those that are stated, `lacks` those that are stated to be absent."""

    source: str
    host: str
    id: str
    display: str = ""
    region: str = ""
    schedules: tuple[Schedule, ...] = ()
    checked: str = ""
    capabilities: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    context: int | None = None
    max_output: int | None = None
    open_weights: bool | None = None
    weights: str = ""
    licence: str = ""
    parameters: float | None = None
    active_parameters: float | None = None
    released: str | None = None
    knowledge: str | None = None
    family: str = ""
    deprecated: bool = False
    retires: str | None = None
    parsed: Parsed = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parsed", parse(self.id))


def per_million(amount: Decimal | int | None) -> int | None:
    """Units of currency per million tokens, in micro-units; the noise of binary fractions is rounded away."""
    if amount is None:
        return None
    return int((Decimal(amount) * MICRO).to_integral_value(ROUND_HALF_EVEN))


def per_token(amount: Decimal | int | None) -> int | None:
    """The same from a price per single token."""
    return None if amount is None else per_million(Decimal(amount) * MICRO)


def tiers_of(
    base: Mapping[str, int | None], above: Mapping[int, Mapping[str, int | None]]
) -> tuple[PriceTier, ...]:
    """Tiers from the classes' base prices and what is different above each threshold."""
    known = {name: rate for name, rate in base.items() if rate is not None}
    if not known:
        return ()
    tiers = [PriceTier(**known)]
    for threshold in sorted(above):
        known = known | {name: rate for name, rate in above[threshold].items() if rate is not None}
        tier = PriceTier(above=threshold, **known)
        if any(getattr(tier, name) != getattr(tiers[-1], name) for name in TOKEN_CLASSES):
            tiers.append(tier)
    return tuple(tiers)


def without_empty_zeros(rates: Mapping[str, int | None], *, free: bool) -> dict[str, int]:
    """Rates that mean something. In catalogues other than genai-prices a zero beside other prices, or for
    everything at a host that does not call the model free, stands for "none given": it is unknown, not free."""
    if free:
        return dict.fromkeys(TOKEN_CLASSES, 0)
    return {name: rate for name, rate in rates.items() if rate}


def positive(value: object) -> int | None:
    """A size that says something: catalogues write 0 for unknown."""
    return int(value) if isinstance(value, int | float | Decimal) and value > 0 else None


def by_place(claims: Iterable[Claim]) -> dict[tuple[str, str, str], list[Claim]]:
    """Claims about the same offering (host, id, region), in the order given."""
    places: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in claims:
        places.setdefault((claim.host, claim.id, claim.region), []).append(claim)
    return places
