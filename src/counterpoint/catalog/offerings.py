"""Rows of the directory for a configured host: what it offers, with the price of the moment."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from counterpoint.catalog.catalog import Catalog
from counterpoint.catalog.naming import parse
from counterpoint.catalog.regions import residency
from counterpoint.catalog.values import HostRow, Listing, Model
from counterpoint.directory.values import FREE, Offering, Price


def offerings_for(
    host: str,
    catalog: Catalog,
    when: datetime,
    *,
    row: str = "",
    ids: Iterable[str] | None = None,
    settings: Mapping[str, str] | None = None,
) -> tuple[Offering, ...]:
    """What `host` offers at `when`, by id.

    `row`: the catalogue's name for it, if the operator calls it something else. `ids`: the models that the host
    itself says it serves (a deployment's names, a local server's list); without them, all that the catalogue lists.
    An id that the catalogue does not list there is recognised by its name and has no known price, unless the host
    is one's own machine, where tokens cost nothing. `settings`: of the provider; where it computes follows from them.
    """
    name, told = row or host, settings or {}
    region = told.get("region", "")
    listings = (
        _listed(catalog, name, region)
        if ids is None
        else [
            catalog.find(name, model_id, region) or _described(catalog, name, model_id)
            for model_id in sorted(set(ids))
        ]
    )
    place = catalog.hosts.get(name)
    wanted = [listing.id for listing in listings] if ids is None else sorted(set(ids))
    return tuple(
        _offering(host, model_id, listing, catalog, when, place=place, settings=told)
        for model_id, listing in zip(wanted, listings, strict=True)
    )


def _listed(catalog: Catalog, host: str, region: str) -> list[Listing]:
    """One listing for each id: of an id that is listed by region, the region's."""
    ids = dict.fromkeys(listing.id for listing in catalog.listings_at(host))
    return [listing for model_id in ids if (listing := catalog.find(host, model_id, region))]


def _described(catalog: Catalog, host: str, model_id: str) -> Listing:
    model = catalog.identify(model_id)
    return Listing(host=host, id=model_id, model=model.name if model else parse(model_id).name)


def _offering(
    host: str,
    model_id: str,
    listing: Listing,
    catalog: Catalog,
    when: datetime,
    *,
    place: HostRow | None,
    settings: Mapping[str, str],
) -> Offering:
    model = catalog.model(listing.model) or Model(name=listing.model)
    maker = catalog.makers.get(model.maker)
    return Offering(
        host=host,
        id=model_id,
        model=model.name,
        maker=model.maker,
        display=model.display,
        context=listing.context or model.context,
        max_output=listing.max_output or model.max_output,
        price=_price(catalog, listing, when),
        capabilities=model.capabilities if listing.capabilities is None else listing.capabilities,
        created=_epoch(model.released),
        retires=listing.retires,
        licence=model.licence,
        open_weights=model.open_weights,
        maker_country=maker.country if maker is not None else "",
        jurisdiction=place.country if place is not None else "",
        residency=residency(place, model_id, settings),
    )


def _price(catalog: Catalog, listing: Listing, when: datetime) -> Price | None:
    price = catalog.price_of(listing, when)
    row: HostRow | None = catalog.hosts.get(listing.host)
    return FREE if price is None and row is not None and row.kind == "local" else price


def _epoch(date: str | None) -> int:
    """Seconds since the epoch of a date that may be known to the month or the year only; 0: unknown."""
    if not date:
        return 0
    year, month, day = (*(int(part) for part in date.split("-")), 1, 1)[:3]
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())
