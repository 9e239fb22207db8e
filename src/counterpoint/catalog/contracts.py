"""What the organisation pays instead of the list price: prices and discounts of its contracts, dated.

A contract's price is in units of its currency per million tokens, as contracts say it; a discount is a percentage off
the list price of the moment. Whoever builds the directory puts one in the place of the list price, so that workers
charge by it and know nothing of contracts.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import msgspec

from counterpoint.canonical.globs import fits
from counterpoint.catalog.prices import TOKEN_CLASSES
from counterpoint.catalog.schedules import DISCOUNT_UNKNOWN, filled
from counterpoint.directory.values import Offering, Price, PriceTier

PRICED = (*TOKEN_CLASSES, "request", "web_search", "audio_hour", "characters")
"""What a contract may price: token classes and characters per million, a request, a thousand searches, an hour
heard."""

MICRO = 6
_HUNDRED = Decimal(100)
_DEAREST = 10**9


class Contract(msgspec.Struct, frozen=True, omit_defaults=True):
    """`offering`: glob pattern over `host/model` and bare names. `since` (included), `until` (not): microseconds since
    the epoch, `None`: open. Either `prices` by what is priced (see `PRICED`), in `currency`, or a `discount` in
    percent. `reference`: by which the organisation knows the contract."""

    offering: str
    since: int | None = None
    until: int | None = None
    prices: Mapping[str, Decimal] = {}
    discount: Decimal | None = None
    currency: str = "USD"
    reference: str = ""

    def holds(self, moment: int) -> bool:
        """Whether `moment` is within its time."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)

    def covers(self, offering: Offering) -> bool:
        """Whether it is about that offering."""
        return fits(offering.name, (self.offering,)) or fits(offering.model, (self.offering,))


class UnusableContractError(ValueError):
    """`code` says why: `neither`, `unknown_class`, `negative`, `too_dear`, `too_fine`, `over_hundred`, `backwards`;
    `what`: of what."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.what = what


def checked(contract: Contract) -> Contract:
    """The contract. Raises `UnusableContractError`."""
    if bool(contract.prices) == (contract.discount is not None):
        raise UnusableContractError("neither")
    for name, amount in contract.prices.items():
        if name not in PRICED:
            raise UnusableContractError("unknown_class", name)
        _micros(name, amount)
    if contract.discount is not None and not (
        contract.discount.is_finite() and 0 <= contract.discount <= _HUNDRED
    ):
        raise UnusableContractError("over_hundred", f"{contract.discount}")
    if contract.since is not None and contract.until is not None and contract.since >= contract.until:
        raise UnusableContractError("backwards")
    return contract


def contracted(offering: Offering, contracts: Sequence[Contract], moment: int) -> Offering:
    """The offering at what is paid for it at `moment`: the first contract that covers it and holds counts."""
    found = contract_for(offering, contracts, moment)
    return (
        offering
        if found is None
        else msgspec.structs.replace(offering, price=price_under(found, offering.price))
    )


def contract_for(offering: Offering, contracts: Sequence[Contract], moment: int) -> Contract | None:
    """The one that counts."""
    return next((each for each in contracts if each.holds(moment) and each.covers(offering)), None)


def price_under(contract: Contract, listed: Price | None) -> Price | None:
    """What an offering costs whose list price is `listed`. A discount on an unknown price is unknown."""
    if contract.discount is not None:
        return None if listed is None else _discounted(listed, _HUNDRED - contract.discount)
    amounts = {name: _micros(name, amount) for name, amount in contract.prices.items()}
    classes: dict[str, Any] = {name: amounts.get(name) for name in TOKEN_CLASSES}
    tier = PriceTier(**classes)
    beside: dict[str, Any] = {
        name: amounts[name]
        for name in ("request", "web_search", "audio_hour", "characters")
        if name in amounts
    }
    tiers = (filled(tier, DISCOUNT_UNKNOWN),) if set(amounts) & set(TOKEN_CLASSES) else ()
    return Price(tiers=tiers, currency=contract.currency, **beside)


def _micros(name: str, amount: Decimal) -> int:
    """In micro-units; nothing is rounded in silence."""
    if not amount.is_finite() or amount < 0:
        raise UnusableContractError("negative", name)
    if amount > _DEAREST:
        raise UnusableContractError("too_dear", name)
    scaled = amount.scaleb(MICRO)
    if scaled != scaled.to_integral_value():
        raise UnusableContractError("too_fine", name)
    return int(scaled)


def _discounted(listed: Price, percent: Decimal) -> Price:
    """`percent` of every amount, to the nearest micro-unit."""

    def less(amount: int | None) -> int | None:
        return (
            None if amount is None else int((amount * percent / _HUNDRED).to_integral_value(ROUND_HALF_EVEN))
        )

    tiers = tuple(
        msgspec.structs.replace(tier, **{name: less(getattr(tier, name)) for name in TOKEN_CLASSES})
        for tier in listed.tiers
    )
    return msgspec.structs.replace(
        listed,
        tiers=tiers,
        request=less(listed.request) or 0,
        web_search=less(listed.web_search),
        images={kind: less(amount) or 0 for kind, amount in listed.images.items()},
        audio_hour=less(listed.audio_hour),
        characters=less(listed.characters),
    )
