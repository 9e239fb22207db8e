"""The catalogue as it is shown: models, and what each of their hosts asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from counterpoint.api.shapes.common import Shape

if TYPE_CHECKING:  # the command line shows help without loading the catalogue
    from counterpoint.catalog.facets import Facets
    from counterpoint.catalog.search import Found, Offer, Shown
    from counterpoint.catalog.values import HostRow
    from counterpoint.control.credentials.forms import Form


@dataclass(frozen=True)
class OfferShape(Shape):
    """A model at one host."""

    host: str
    id: str
    """The host's own name for it: it is called as `host/id`."""
    region: str
    country: str
    """ISO code of the country whose law binds the host; empty: unknown."""
    input_price: str | None
    """Per million tokens, exact, in `currency`; null: unknown, which is not zero."""
    output_price: str | None
    cache_read_price: str | None
    currency: str | None
    price_source: str | None
    """The open catalogue that the price is from."""
    context: int | None
    quantisation: str
    deprecated: bool
    retires: str | None
    first_hand: bool
    """The host is the model's own maker."""
    called: list[str]
    """The names by which this very offer can be called here, at providers in use; told of a single model."""


@dataclass(frozen=True)
class AskingShape(Shape):
    """The price that stands for a model: its maker's own where the maker serves it, else the cheapest host's."""

    host: str
    first_hand: bool
    """It is the maker's own."""
    input: str | None
    """Per million tokens, exact, in `currency`; null: unknown."""
    output: str | None
    currency: str


@dataclass(frozen=True)
class ModelShape(Shape):
    """A model, whoever serves it."""

    name: str
    display: str
    maker: str
    maker_name: str
    """As the filter takes it."""
    maker_country: str
    family: str
    capabilities: list[str]
    context: int | None
    max_output: int | None
    open_weights: bool | None
    licence: str
    parameters: float | None
    """Billions."""
    released: str | None
    deprecated: bool
    retires: str | None
    hosts: int
    """How many offer it."""
    price: AskingShape | None
    """Null: nobody's is known."""
    available: list[str]
    """The names by which it can be called here: of its offerings at the providers in use, and on this machine."""
    offers: list[OfferShape]
    """Cheapest first, unknown prices last; empty where they were not asked for."""


@dataclass(frozen=True)
class ModelDetailShape(ModelShape):
    """All that is known of one model."""

    also: list[str]
    """Other names it is known by."""
    knowledge: str | None
    """How far its knowledge reaches."""
    weights: str
    """Where its weights are published."""
    siblings: list[str]
    """Others of the same family."""


@dataclass(frozen=True)
class ChoiceShape(Shape):
    """One value that a filter can have."""

    value: str
    label: str
    """A name for people, where the value is not one."""
    count: int
    """How many models choosing it would leave."""


@dataclass(frozen=True)
class FacetsShape(Shape):
    """What can be chosen, the most frequent first. Within one filter its own choice is left aside."""

    total: int
    """How many models fit."""
    maker: list[ChoiceShape]
    host: list[ChoiceShape]
    country: list[ChoiceShape]
    """Of the maker."""
    host_country: list[ChoiceShape]
    licence: list[ChoiceShape]
    capability: list[ChoiceShape]
    open_weights: list[ChoiceShape]
    available: list[ChoiceShape]
    """Whether it can be called here."""
    min_context: list[ChoiceShape]
    max_input: list[ChoiceShape]
    """Per million tokens."""
    retires_before: list[ChoiceShape]


@dataclass(frozen=True)
class SettingShape(Shape):
    """What a host's address needs to be told."""

    name: str
    description: str
    default: str
    example: str


@dataclass(frozen=True)
class FieldShape(Shape):
    """One thing that a form of credentials asks for."""

    name: str
    required: bool
    hidden: bool
    """It is a secret."""
    whole: bool
    """It is the secret as it stands; else the secret is a JSON object of the fields."""


@dataclass(frozen=True)
class FormShape(Shape):
    """A kind of credentials that a host takes."""

    kind: str
    """`header`, `aws`, `google`, `entra`, `ibm`; `machine`: what the cloud gives to this machine, for which the secret
    is a JSON object with `type` set so."""
    fields: list[FieldShape]


@dataclass(frozen=True)
class HostShape(Shape):
    """A host that can be made a provider."""

    name: str
    display: str
    company: str
    country: str
    """ISO code of the country whose law binds the company; empty: unknown."""
    regions: list[str]
    kind: Literal["cloud", "aggregator", "local", "custom"]
    dialects: list[str]
    base_url: str
    needs_secret: bool
    credentials: list[FormShape]
    """The ways to show who one is, best first."""
    secret_env: list[str]
    secret_url: str
    """Where a key is made."""
    settings: list[SettingShape]
    models: int
    """How many the catalogue lists there."""
    own_models: int
    """Of these, how many the host's company made."""
    training: str
    """What its terms say of training on API data; empty: unknown."""
    retention: str
    docs_url: str
    terms_url: str
    notes: str
    described: bool
    """By hand, from the host's own pages; else from an open catalogue."""


def model_shape(found: "Found", available: Iterable[str] = (), *, offers: bool = True) -> ModelShape:
    """One of the models found."""
    common = _common(found, available)
    if not offers:
        common["offers"] = []
    return ModelShape(**common)  # type: ignore[arg-type]  # by name


def detail_shape(
    shown: "Shown", available: Iterable[str] = (), rows: Mapping[str, str] | None = None
) -> ModelDetailShape:
    """One model in full. `rows`: the catalogue's hosts of the providers in use, by the providers' names."""
    names = list(available)
    at = [
        (rows[host], model_id, name)
        for name in names
        for host, _, model_id in [name.partition("/")]
        if rows and host in rows
    ]
    common = _common(shown, names)
    common["offers"] = [
        replace(
            offer, called=[name for row, model_id, name in at if (row, model_id) == (offer.host, offer.id)]
        )
        for offer in map(_offer, shown.offers)
    ]
    return ModelDetailShape(
        **common,  # type: ignore[arg-type]  # by name
        also=list(shown.model.also),
        knowledge=shown.model.knowledge,
        weights=shown.model.weights,
        siblings=list(shown.siblings),
    )


def facets_shape(facets: "Facets", makers: Mapping[str, str], hosts: Mapping[str, str]) -> FacetsShape:
    """`makers`, `hosts`: names for people."""

    def choices(counts: Mapping[str, int], labels: Mapping[str, str] | None = None) -> list[ChoiceShape]:
        found = [
            ChoiceShape(value, (labels or {}).get(value, value), count) for value, count in counts.items()
        ]
        return sorted(found, key=lambda choice: (-choice.count, choice.label.lower()))

    def steps(counts: Mapping[str, int]) -> list[ChoiceShape]:
        return [ChoiceShape(value, value, counts[value]) for value in sorted(counts, key=_step)]

    counts = facets.counts
    prices = {micros(int(value)) or value: count for value, count in counts["price"].items()}
    return FacetsShape(
        total=facets.total,
        maker=choices(counts["maker"], makers),
        host=choices(counts["host"], hosts),
        country=choices(counts["country"]),
        host_country=choices(counts["host_country"]),
        licence=choices(counts["licence"]),
        capability=choices(counts["capability"]),
        open_weights=choices(counts["open_weights"]),
        available=choices(counts["available"]),
        min_context=steps(counts["context"]),
        max_input=steps(prices),
        retires_before=choices(counts["retirement"])[::-1],
    )


def host_shape(row: "HostRow", forms: "Iterable[Form]", models: int, own_models: int) -> HostShape:
    """One host. `forms`: of the credentials that it takes."""
    return HostShape(
        name=row.name,
        display=row.display,
        company=row.company,
        country=row.country,
        regions=list(row.regions),
        kind=row.kind,  # type: ignore[arg-type]  # `catalog.hosts` has checked it
        dialects=list(row.dialects),
        base_url=row.base_url,
        needs_secret=row.needs_secret,
        credentials=[
            FormShape(
                form.kind,
                [FieldShape(item.name, item.required, item.hidden, item.whole) for item in form.fields],
            )
            for form in forms
        ],
        secret_env=list(row.secret_env),
        secret_url=row.secret_url,
        settings=[
            SettingShape(name, setting.description, setting.default, setting.example)
            for name, setting in row.settings.items()
        ],
        models=models,
        own_models=own_models,
        training=row.training,
        retention=row.retention,
        docs_url=row.docs_url,
        terms_url=row.terms_url,
        notes=row.notes,
        described=row.origin in {"counterpoint", "operator"},
    )


def _step(value: str) -> float:
    return float(value)


def _common(shown: "Found | Shown", available: Iterable[str]) -> dict[str, object]:
    model, maker, offers = shown.model, shown.maker, shown.offers
    return {
        "name": model.name,
        "display": model.display,
        "maker": maker.display if maker else model.maker,
        "maker_name": model.maker,
        "maker_country": maker.country if maker else "",
        "family": model.family,
        "capabilities": sorted(model.capabilities),
        "context": model.context,
        "max_output": model.max_output,
        "open_weights": model.open_weights,
        "licence": model.licence,
        "parameters": model.parameters,
        "released": model.released,
        "deprecated": model.deprecated,
        "retires": model.retires,
        "hosts": len({offer.listing.host for offer in offers}),
        "price": _asking(shown.asking),
        "available": list(available),
        "offers": [_offer(offer) for offer in offers],
    }


def _asking(offer: "Offer | None") -> AskingShape | None:
    if offer is None or offer.price is None:
        return None
    return AskingShape(
        host=offer.listing.host,
        first_hand=offer.first_hand,
        input=micros(offer.input_price),
        output=micros(offer.output_price),
        currency=offer.price.currency,
    )


def _offer(offer: "Offer") -> OfferShape:
    listing, price = offer.listing, offer.price
    tier = price.tiers[0] if price and price.tiers else None
    return OfferShape(
        host=listing.host,
        id=listing.id,
        region=listing.region,
        country=offer.country,
        input_price=micros(tier.input if tier else None),
        output_price=micros(tier.output if tier else None),
        cache_read_price=micros(tier.cache_read if tier else None),
        currency=price.currency if price else None,
        price_source=listing.prices.source if listing.prices else None,
        context=listing.context,
        quantisation=listing.quantisation,
        deprecated=listing.deprecated,
        retires=listing.retires,
        first_hand=offer.first_hand,
        called=[],
    )


def micros(amount: int | None) -> str | None:
    """An amount in micro-units as exact decimal text: `0.15`."""
    if amount is None:
        return None
    whole, rest = divmod(amount, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")
