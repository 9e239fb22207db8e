"""Search: passages, by word and by meaning, among those that the asker may see."""

from fastapi import APIRouter
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.routes.asker import Asking
from counterpoint.api.routes.given import Given, Input, Moment
from counterpoint.api.shapes.knowledge import filters_shape, search_shape, trace_shape
from counterpoint.api.shapes.search import FiltersShape, SearchShape, TraceShape
from counterpoint.knowledge.asking import Wanted
from counterpoint.storage.clock import to_micros

router = APIRouter(prefix="/search", tags=["search"])
_use = [require("search.use")]
_trace = [require("knowledge.write")]
LONGEST_QUESTION = 2000


class SearchInput(Input):
    """A question or some words, and what to look in."""

    question: str = Field(
        min_length=1, max_length=LONGEST_QUESTION, examples=["How long is the notice period?"]
    )
    sources: list[str] = Field(default=[], max_length=100, description="Ids; none: all.")
    documents: list[str] = Field(default=[], max_length=100, description="Ids; none: all.")
    languages: list[str] = Field(default=[], max_length=20)
    media_types: list[str] = Field(default=[], max_length=50)
    modified_from: Moment | None = None
    modified_to: Moment | None = None
    limit: int = Field(default=10, ge=1, le=50)

    def wanted(self) -> Wanted:
        """As the service takes it."""
        return Wanted(
            question=self.question,
            sources=frozenset(self.sources),
            documents=frozenset(self.documents),
            languages=frozenset(self.languages),
            media_types=frozenset(self.media_types),
            modified_from=None if self.modified_from is None else to_micros(self.modified_from),
            modified_to=None if self.modified_to is None else to_micros(self.modified_to),
            limit=self.limit,
        )


@router.post("", summary="Search", dependencies=_use)
def search(services: Given, asker: Asking, wanted: SearchInput) -> SearchShape:
    """Passages that answer the question or hold its words, best first."""
    return search_shape(services.knowledge().asking.search(wanted.wanted(), asker))


@router.get("/filters", summary="Show what a search can be narrowed down to", dependencies=_use)
def show_filters(services: Given, asker: Asking) -> FiltersShape:
    """Of what the caller may see."""
    return filters_shape(services.knowledge().asking.filters(asker))


@router.post("/trace", summary="Search, and see how", dependencies=_trace)
def trace_search(services: Given, asker: Asking, wanted: SearchInput) -> TraceShape:
    """Candidates, their ranks, and the filter of rights: the caller's own."""
    return trace_shape(services.knowledge().asking.trace(wanted.wanted(), asker))
