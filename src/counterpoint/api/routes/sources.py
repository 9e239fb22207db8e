"""Sources of documents: made, changed, synced, given files, taken away."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field, SecretStr
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.routes.asker import Asking
from counterpoint.api.routes.given import Cursor, Given, Input, Language, Limit
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.documents import DocumentShape, DocumentState
from counterpoint.api.shapes.knowledge import document_shape, kind_shapes, source_shape
from counterpoint.api.shapes.sources import KindShape, SourceKind, SourceShape
from counterpoint.knowledge.administering import NewSource, SourceChange

router = APIRouter(prefix="/sources", tags=["sources"])
_read = [require("knowledge.read")]
_write = [require("knowledge.write")]
LONGEST_EVERY = 31 * 24 * 3600
Every = Annotated[int, Field(ge=0, le=LONGEST_EVERY, description="Seconds; 0: only when it is asked for.")]
Reader = Annotated[str, Field(max_length=200)]
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class SourceInput(Input):
    """A source to be."""

    name: str = Field(max_length=100, examples=["Handbook"])
    kind: SourceKind
    settings: dict[str, Any] = Field(default={}, examples=[{"path": "/srv/handbook"}])
    secret: SecretStr | None = Field(default=None, max_length=10_000)
    readers: list[Reader] = Field(
        default=[],
        max_length=1000,
        description="Principals (`user:ID`, `group:ID`, `all`) that may see what it reports no rights for.",
        examples=[["all"]],
    )
    content_every: Every = 3600
    rights_every: Every = 900


class SourceEdit(Input):
    """What changes; what is left out stays."""

    name: str | None = Field(default=None, max_length=100)
    settings: dict[str, Any] | None = None
    secret: SecretStr | None = Field(default=None, max_length=10_000)
    readers: list[Reader] | None = Field(default=None, max_length=1000)
    content_every: Every | None = None
    rights_every: Every | None = None
    paused: bool | None = None


@dataclass(frozen=True)
class _Chosen:
    """Of a source's documents."""

    state: DocumentState | None
    words: str


def _chosen(
    state: DocumentState | None = None,
    q: Annotated[str, Query(max_length=200, description="Part of a path or a title.")] = "",
) -> _Chosen:
    return _Chosen(state, q)


Chosen = Annotated[_Chosen, Depends(_chosen)]


class SyncInput(Input):
    """Which of the two."""

    what: Literal["content", "rights"] = "content"


@router.get("", summary="List sources", dependencies=_read)
def list_sources(services: Given, lang: Language) -> Page[SourceShape]:
    """By name, all of them, with how far each is."""
    return Page([source_shape(view, lang) for view in services.knowledge().sources.list()], None)


@router.get("/kinds", summary="List kinds of sources", dependencies=_read)
def list_kinds() -> Page[KindShape]:
    """And what each asks for."""
    return Page(kind_shapes(), None)


@router.post("", status_code=201, summary="Add a source", dependencies=_write)
def add_source(services: Given, new: SourceInput, lang: Language) -> SourceShape:
    """It is synced at once."""
    wanted = NewSource(
        name=new.name,
        kind=new.kind,
        settings=new.settings,
        readers=tuple(new.readers),
        content_every=new.content_every,
        rights_every=new.rights_every,
    )
    secret = new.secret.get_secret_value() if new.secret is not None else None
    return source_shape(services.knowledge().sources.add(wanted, secret=secret), lang)


@router.get("/{source_id}", summary="Show a source", dependencies=_read)
def show_source(services: Given, source_id: str, tag: Tag, lang: Language) -> SourceShape:
    """By its id."""
    view = services.knowledge().sources.find(source_id)
    tag(view.row.revision)
    return source_shape(view, lang)


@router.patch("/{source_id}", summary="Change a source", dependencies=_write)
def edit_source(
    services: Given, source_id: str, edit: SourceEdit, revision: Edited, tag: Tag, lang: Language
) -> SourceShape:
    """Other readers hold in the next question; other settings are synced at once."""
    change = SourceChange(
        name=edit.name,
        settings=edit.settings,
        readers=None if edit.readers is None else tuple(edit.readers),
        content_every=edit.content_every,
        rights_every=edit.rights_every,
        paused=edit.paused,
    )
    secret = edit.secret.get_secret_value() if edit.secret is not None else None
    view = services.knowledge().sources.change(source_id, change, secret=secret, revision=revision)
    tag(view.row.revision)
    return source_shape(view, lang)


@router.delete("/{source_id}", status_code=204, summary="Remove a source", dependencies=_write)
def remove_source(services: Given, source_id: str) -> None:
    """Its documents are found no more from now on; what is kept of them is taken away in the background."""
    services.knowledge().sources.remove(source_id)


@router.post("/{source_id}/sync", status_code=202, summary="Sync a source", dependencies=_write)
def sync_source(services: Given, source_id: str, wanted: SyncInput, lang: Language) -> SourceShape:
    """Its content, or its rights, as soon as a worker is free."""
    return source_shape(services.knowledge().sources.sync(source_id, wanted.what), lang)


@router.post(
    "/{source_id}/files",
    status_code=201,
    summary="Upload a file",
    dependencies=_write,
    openapi_extra=_FILE,
    response_model=DocumentShape,
)
async def upload_file(
    request: Request,
    services: Given,
    asker: Asking,
    source_id: str,
    name: Annotated[str, Query(min_length=1, max_length=1000, description="The file's name or path.")],
    lang: Language,
) -> DocumentShape | Response:
    """Into a source of kind `upload`: the body is the file. One of that name is replaced."""
    try:
        body = await request.body()
    except ClientDisconnect:
        return Response(status_code=499)  # for nobody
    view = await run_in_threadpool(services.knowledge().sources.put_file, source_id, name, body, asker)
    return document_shape(view, lang)


@router.get("/{source_id}/documents", summary="List a source's documents", dependencies=_read)
def list_documents(
    services: Given,
    asker: Asking,
    source_id: str,
    lang: Language,
    chosen: Chosen,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[DocumentShape]:
    """By path. What they say is for their readers; that they are there is for whoever administers sources."""
    page = services.knowledge().sources.documents(
        source_id, asker, standing=chosen.state, words=chosen.words, cursor=cursor, limit=limit
    )
    return Page([document_shape(view, lang) for view in page.items], page.next)
