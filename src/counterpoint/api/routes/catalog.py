"""The catalogue: what the world offers, searched here, offline."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from counterpoint.api.access import require
from counterpoint.api.routes.given import Cursor, Given, Limit
from counterpoint.api.shapes.catalog import ModelDetailShape, ModelShape, detail_shape, model_shape
from counterpoint.api.shapes.common import Page
from counterpoint.catalog import search as finding
from counterpoint.i18n.complaint import Complaint

router = APIRouter(prefix="/catalog", tags=["catalog"])
_read = [require("catalog.read")]
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
        retired: bool = False,
    ) -> None:
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
            retired=retired,
        )


@router.get("/models", summary="Search models", dependencies=_read)
def search_models(
    services: Given, filters: Annotated[Filters, Depends()], limit: Limit = 50, cursor: Cursor = None
) -> Page[ModelShape]:
    """The best match first, each with the offers that fit, the cheapest first."""
    start = _start(cursor)
    found = finding.search(services.catalog(), filters.query, limit=start + limit + 1)[start:]
    following = str(start + limit) if len(found) > limit else None
    return Page([model_shape(item) for item in found[:limit]], following)


@router.get("/models/{name:path}", summary="Show a model", dependencies=_read)
def show_model(services: Given, name: str) -> ModelDetailShape:
    """By its bare name, an alias, or `host/id`."""
    catalog = services.catalog()
    found = finding.show(catalog, name)
    if found is None:
        raise Complaint("api.unknown_model", kind="not_found", model=name)
    return detail_shape(found)


def _start(cursor: str | None) -> int:
    """The catalogue does not change between two pages, so a place in it is a number."""
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 9:
        raise Complaint("control.usage.bad_cursor", cursor=cursor)
    return int(cursor)
