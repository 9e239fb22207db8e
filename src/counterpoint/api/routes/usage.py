"""What was used and what it cost."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query

from counterpoint.api.access import require
from counterpoint.api.routes.given import Cursor, Given, Limit, Moment
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.usage import (
    Dimension,
    EntryShape,
    ReportShape,
    entry_page,
    entry_shape,
    report_shape,
)
from counterpoint.control.localtime import zone_of
from counterpoint.control.usage import UsageQuery

router = APIRouter(prefix="/usage", tags=["usage"])
_read = [require("usage.read")]
Names = Annotated[list[str], Query(max_length=50)]


class Which:
    """The exchanges that count."""

    def __init__(  # noqa: PLR0913, PLR0917 - each is a query parameter
        self,
        since: Annotated[Moment | None, Query(description="Included.")] = None,
        until: Annotated[Moment | None, Query(description="Not included.")] = None,
        model: Names = [],  # noqa: B006 - FastAPI copies it
        host: Names = [],  # noqa: B006
        maker: Names = [],  # noqa: B006
        key: Names = [],  # noqa: B006
        project: Names = [],  # noqa: B006
        user: Names = [],  # noqa: B006
        route: Names = [],  # noqa: B006
        purpose: Annotated[
            list[str], Query(max_length=50, description="Empty: requests, not what they did beside.")
        ] = [],  # noqa: B006
        dialect: Names = [],  # noqa: B006
        offering: Names = [],  # noqa: B006
        operation: Names = [],  # noqa: B006
        failed: Annotated[bool | None, Query(description="Only those that failed, or did not.")] = None,
    ) -> None:
        self.since = since
        self.until = until
        given: dict[Dimension, list[str]] = {
            "model": model,
            "host": host,
            "maker": maker,
            "key": key,
            "project": project,
            "user": user,
            "route": route,
            "purpose": purpose,
            "dialect": dialect,
            "offering": offering,
            "operation": operation,
        }
        self.only: dict[Dimension, tuple[str, ...]] = {
            name: tuple(values) for name, values in given.items() if values
        }
        self.failed = failed

    def query(
        self,
        by: tuple[Dimension, ...] = (),
        period: Literal["hour", "day"] | None = None,
        clocks: "Clocks | None" = None,
        *,
        latencies: bool = True,
    ) -> UsageQuery:
        """As the service takes it."""
        return UsageQuery(
            since=self.since,
            until=self.until,
            by=by,
            period=period,
            only=self.only,
            failed=self.failed,
            offset=timedelta() if clocks is None else clocks.offset,
            zone=None if clocks is None else clocks.zone,
            latencies=latencies,
        )


Chosen = Annotated[Which, Depends()]


class Clocks:
    """By which days begin."""

    def __init__(
        self,
        offset_minutes: Annotated[
            int, Query(ge=-1440, le=1440, description="Of the local time in which days begin.")
        ] = 0,
        zone: Annotated[
            str,
            Query(
                max_length=100,
                description="Where days begin (IANA, `Europe/Paris`), also where its clocks are put forward or back "
                "in between. It counts instead of `offset_minutes` if this machine knows it.",
            ),
        ] = "",
    ) -> None:
        self.offset = timedelta(minutes=offset_minutes)
        self.zone = zone_of(zone) if zone else None


Local = Annotated[Clocks, Depends()]


@router.get("", summary="Sums", dependencies=_read)
def report(
    services: Given,
    which: Chosen,
    clocks: Local,
    by: Annotated[list[Dimension], Query(max_length=4, description="What to group by.")] = [],  # noqa: B006
    period: Annotated[
        Literal["hour", "day"] | None, Query(description="For a series: the length of its steps.")
    ] = None,
    latencies: Annotated[
        bool, Query(description="Whether to estimate percentiles; a long series is quicker without.")
    ] = True,
) -> ReportShape:
    """By group and period, with the total over everything."""
    query = which.query(tuple(dict.fromkeys(by)), period, clocks, latencies=latencies)
    return report_shape(services.usage.report(query), which.since, which.until)


@router.get("/entries", summary="List exchanges", dependencies=_read)
def list_entries(
    services: Given, which: Chosen, limit: Limit = 50, cursor: Cursor = None
) -> Page[EntryShape]:
    """Newest first."""
    return entry_page(services.usage.entries(which.query(), cursor=cursor, limit=limit))


@router.get("/entries/{entry_id}", summary="Show an exchange", dependencies=_read)
def show_entry(services: Given, entry_id: str) -> EntryShape:
    """By its id, which is the request id that the caller was told."""
    directory = services.directory()
    return entry_shape(services.usage.entry(entry_id), directory.limits, directory.currency)


@router.get("/entries/{entry_id}/beside", summary="List what an exchange did beside", dependencies=_read)
def list_beside(services: Given, entry_id: str) -> Page[EntryShape]:
    """The calls that it made and paid for beside its own answer, in time: answers that a check did not accept, samples,
    judges, hedges that were outrun, shadows."""
    directory = services.directory()
    views = services.usage.beside(entry_id)
    return Page([entry_shape(view, directory.limits, directory.currency) for view in views], None)
