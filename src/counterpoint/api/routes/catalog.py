"""The catalogue: what the world offers, searched here, offline."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query

from counterpoint.api.access import require
from counterpoint.api.routes.given import Cursor, Day, Given, Limit
from counterpoint.api.services import Services
from counterpoint.api.shapes.catalog import (
    FacetsShape,
    HostShape,
    ModelDetailShape,
    ModelShape,
    detail_shape,
    facets_shape,
    host_shape,
    model_shape,
)
from counterpoint.api.shapes.common import Page
from counterpoint.catalog import search as finding
from counterpoint.catalog.facets import facets
from counterpoint.control.credentials.forms import forms_for
from counterpoint.control.paging import paged, place_of
from counterpoint.i18n.complaint import Complaint

router = APIRouter(prefix="/catalog", tags=["catalog"])
_read = [require("catalog.read")]
_LIST = "catalog"
Words = Annotated[list[str], Query(max_length=20)]


class Filters:
    """What is looked for."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a query parameter
        self,
        q: Annotated[str, Query(max_length=200, description="Words, all of which are found.")] = "",
        maker: Words = [],  # noqa: B006 - FastAPI copies it
        host: Words = [],  # noqa: B006
        country: Words = [],  # noqa: B006
        host_country: Words = [],  # noqa: B006
        licence: Words = [],  # noqa: B006
        capability: Words = [],  # noqa: B006
        open_weights: bool | None = None,
        min_context: Annotated[int, Query(ge=0)] = 0,
        max_input: Annotated[float | None, Query(ge=0, le=1e6, description="Per million tokens.")] = None,
        max_output: Annotated[float | None, Query(ge=0, le=1e6, description="Per million tokens.")] = None,
        retires_before: Annotated[
            Day | None, Query(description="Those that have an end still to come, before this day.")
        ] = None,
        retired: Annotated[bool, Query(description="Also those that their maker no longer serves.")] = False,
        available: Annotated[bool, Query(description="Only what can be called here.")] = False,
    ) -> None:
        self.available = available
        self.query = finding.Query(
            words=tuple(q.split()),
            makers=tuple(maker),
            hosts=tuple(host),
            countries=tuple(code.upper() for code in country),
            host_countries=tuple(code.upper() for code in host_country),
            licences=tuple(licence),
            capabilities=tuple(capability),
            open_weights=open_weights,
            min_context=min_context,
            max_input_price=round(max_input * 1_000_000) if max_input is not None else None,
            max_output_price=round(max_output * 1_000_000) if max_output is not None else None,
            retires_before=retires_before.isoformat() if retires_before else "",
            retired=retired,
        )

    def among(self, available: dict[str, list[str]]) -> finding.Query:
        """What is looked for, where that may depend on what can be called here."""
        if not self.available:
            return self.query
        return msgspec.structs.replace(self.query, among=frozenset(available))


@router.get("/models", summary="Search models", dependencies=_read)
def search_models(
    services: Given,
    filters: Annotated[Filters, Depends()],
    sort: Annotated[finding.Sort, Query(description="`fit`: the best match first.")] = "fit",
    order: Annotated[
        Literal["asc", "desc"] | None, Query(description="By default the one that is wanted most often.")
    ] = None,
    offers: Annotated[bool, Query(description="With each host's offer: long.")] = True,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ModelShape]:
    """Each with the offers that fit, the cheapest first; `price` is of the maker's own, if it fits."""
    # The catalogue does not change between two pages, so a place in it is a number.
    start = int(place_of(_LIST, cursor) or 0)
    available = _available(services)
    falling = order == "desc" if order else sort in {"released", "context", "hosts"}
    found = finding.search(
        services.catalog(), filters.among(available), limit=start + limit + 1, sort=sort, falling=falling
    )[start:]
    page = paged(_LIST, found, limit, lambda _: str(start + limit))
    items = [model_shape(item, available.get(item.model.name, ()), offers=offers) for item in page.items]
    return Page(items, page.next)


@router.get("/facets", summary="Count what filters would leave", dependencies=_read)
def count_facets(services: Given, filters: Annotated[Filters, Depends()]) -> FacetsShape:
    """For the same filters as the search: how many models fit, and what else could be chosen in each filter."""
    catalog, available = services.catalog(), _available(services)
    today = datetime.now(UTC).date()
    counted = facets(
        catalog,
        filters.among(available),
        available=frozenset(available),
        ends=[_later(today, months).isoformat() for months in (3, 6, 12)],
    )
    return facets_shape(
        counted,
        {name: maker.display for name, maker in catalog.makers.items()},
        {name: host.display for name, host in catalog.hosts.items()},
    )


@router.get("/hosts", summary="List hosts", dependencies=_read)
def list_hosts(services: Given) -> Page[HostShape]:
    """Those that can be made providers, by name, with what each needs for that."""
    catalog = services.catalog()
    rows = sorted((row for row in catalog.hosts.values() if row.dialects), key=lambda row: row.name)
    return Page([host_shape(row, forms_for(row), *catalog.count_at(row)) for row in rows], None)


@router.get("/models/{name:path}", summary="Show a model", dependencies=_read)
def show_model(services: Given, name: str) -> ModelDetailShape:
    """By its bare name, an alias, or `host/id`."""
    catalog = services.catalog()
    found = finding.show(catalog, name)
    if found is None:
        raise Complaint("api.unknown_model", kind="not_found", model=name)
    rows = {provider.name: provider.host for provider in services.providers.list()}
    return detail_shape(found, _available(services).get(found.model.name, ()), rows)


def _available(services: Services) -> dict[str, list[str]]:
    """By model, the names by which it can be called here."""
    found: dict[str, list[str]] = {}
    for offering in services.directory().offerings:
        found.setdefault(offering.model, []).append(offering.name)
    return found


def _later(day: date, months: int) -> date:
    """The same day some months on; a month that is too short ends earlier."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))
