"""Routes: which offerings answer to a name, in which order, under which conditions; and what a call would come to."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.explaining import OPERATIONS, Question, explain, read_facts
from counterpoint.api.routes.given import Given, Input, Language
from counterpoint.api.routes.routing import RouteInput
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.routes import RouteShape, route_shape
from counterpoint.api.shapes.rules import ExplanationShape
from counterpoint.canonical import Refused
from counterpoint.directory import Directory
from counterpoint.directory.routes import Route
from counterpoint.gateway.routing.plan import Facts
from counterpoint.i18n.complaint import Complaint

router = APIRouter(prefix="/routes", tags=["routes"])
_read = [require("rules.read")]
_write = [require("rules.write")]


class DryRun(Input):
    """A call that is only thought of: a request as a client would send it, or what is to be known of it."""

    model: str | None = Field(default=None, max_length=300, description="Instead of the request's own.")
    operation: str | None = Field(default=None, max_length=50)
    dialect: str = Field(default=OPERATIONS["chat"][0], max_length=50, description="Of the request.")
    request: dict[str, Any] | None = Field(default=None, description="The body of a call for chat.")
    tokens: int | None = Field(
        default=None, ge=0, le=10**9, description="Of the input, instead of the request's."
    )
    output: int | None = Field(default=None, ge=0, le=10**9, description="The most that may come out.")
    needs: list[Annotated[str, Field(max_length=50)]] | None = Field(default=None, max_length=30)
    session: str = Field(default="", max_length=200)
    key: str | None = Field(default=None, max_length=200, description="A key's name or id.")
    project: str | None = Field(default=None, max_length=200, description="A project's name or id.")
    route: RouteInput | None = Field(
        default=None, description="A route as it might be, in place of the one of its name."
    )

    def facts(self) -> Facts:
        """What is known of the call. Raises `Complaint`."""
        found = Facts()
        if self.request is not None:
            body = {"model": self.model or "-"} | self.request
            try:
                found = read_facts(self.dialect, msgspec.json.encode(body))
            except Refused as refused:
                raise Complaint("api.explain.unreadable", reason=refused.failure.message) from None
        return Facts(
            tokens=found.tokens if self.tokens is None else self.tokens,
            output=found.output if self.output is None else self.output,
            needs=found.needs if self.needs is None else frozenset(self.needs),
            session=self.session,
            prefix=found.prefix,
        )

    def requested(self) -> str:
        """The model's name. Raises `Complaint`."""
        named = self.model or (self.request or {}).get("model") or (self.route.name if self.route else None)
        if not isinstance(named, str):
            raise Complaint("api.explain.no_model")
        return named


@router.get("", summary="List routes", dependencies=_read)
def list_routes(services: Given) -> Page[RouteShape]:
    """By name, all of them."""
    return Page([route_shape(row) for row in services.routes.list()], None)


@router.post("", status_code=201, summary="Add a route", dependencies=_write)
def add_route(services: Given, new: RouteInput) -> RouteShape:
    """Calls by its name go its way within a second."""
    return route_shape(services.routes.add(new.route()))


@router.post("/dry-run", summary="Plan a call without making it", dependencies=_read)
def dry_run(services: Given, lang: Language, call: DryRun) -> ExplanationShape:
    """Every candidate, kept or dropped and why, in the order in which they would be tried. Nothing is called."""
    question = Question(
        requested=call.requested(),
        operation=call.operation,
        key=call.key,
        project=call.project,
        facts=call.facts(),
    )
    directory = services.directory()
    if call.route is not None:
        directory = _with(directory, call.route.route())
    return explain(directory, question, lang=lang)


@router.get("/{name}", summary="Show a route", dependencies=_read)
def show_route(services: Given, name: str, tag: Tag) -> RouteShape:
    """By its name."""
    row = services.routes.find(name)
    tag(row.revision)
    return route_shape(row)


@router.put("/{name}", summary="Replace a route", dependencies=_write)
def put_route(services: Given, name: str, wanted: RouteInput, revision: Edited, tag: Tag) -> RouteShape:
    """All of it; its name may become another."""
    row = services.routes.change(name, wanted.route(), revision=revision)
    tag(row.revision)
    return route_shape(row)


@router.delete("/{name}", status_code=204, summary="Remove a route", dependencies=_write)
def remove_route(services: Given, name: str) -> None:
    """Calls by its name are refused from then on."""
    services.routes.remove(name)


def _with(directory: Directory, draft: Route) -> Directory:
    others = tuple(route for route in directory.routes if route.name != draft.name)
    return msgspec.structs.replace(directory, routes=(*others, draft))
