"""One document: how far it is, and, for its readers alone, what it says.

What is hidden and what is not there are answered alike.
"""

from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from counterpoint.api.access import require
from counterpoint.api.routes.asker import Asking
from counterpoint.api.routes.given import Cursor, Given, Language, Limit
from counterpoint.api.shapes.common import Page
from counterpoint.api.shapes.documents import DocumentShape, PassageShape, PrincipalShape, WhyShape
from counterpoint.api.shapes.knowledge import (
    document_shape,
    passage_shape,
    principal_shape,
    why_shape,
)

router = APIRouter(prefix="/documents", tags=["documents"])
_see = [require("documents.read")]
_use = [require("search.use")]
_administer = [require("knowledge.read")]
SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}
"""A file that anybody may have written is shown by no browser as a page of ours."""
_CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}
_PAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The page.", "content": {"image/png": {"schema": {"type": "string"}}}}
}


@router.get("/{document_id}", summary="Show a document", dependencies=_see)
def show_document(services: Given, asker: Asking, document_id: str, lang: Language) -> DocumentShape:
    """To its readers, and to whoever administers sources."""
    return document_shape(services.knowledge().documents.find(document_id, asker), lang)


@router.delete(
    "/{document_id}",
    status_code=204,
    summary="Remove an uploaded document",
    dependencies=[require("knowledge.write")],
)
def remove_document(services: Given, document_id: str) -> None:
    """It is found no more from now on. What another kind of source fetches is taken away there."""
    services.knowledge().sources.remove_file(document_id)


@router.get("/{document_id}/passages", summary="List a document's passages", dependencies=_use)
def list_passages(
    services: Given, asker: Asking, document_id: str, limit: Limit = 100, cursor: Cursor = None
) -> Page[PassageShape]:
    """In their order, to its readers."""
    page = services.knowledge().documents.passages(document_id, asker, cursor=cursor, limit=limit)
    return Page([passage_shape(view) for view in page.items], page.next)


@router.get(
    "/{document_id}/content",
    summary="Download a document",
    dependencies=_use,
    response_class=Response,
    responses=_CONTENT,
)
def show_content(services: Given, asker: Asking, document_id: str) -> Response:
    """As it was fetched, to its readers."""
    name, content = services.knowledge().documents.content(document_id, asker)
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(
        content,
        media_type="application/octet-stream",
        headers={**SAFE, "Content-Disposition": disposition},
    )


@router.get(
    "/{document_id}/pages/{number}",
    summary="Show a page of a document",
    dependencies=_use,
    response_class=Response,
    responses=_PAGE,
)
def show_page(
    services: Given,
    asker: Asking,
    document_id: str,
    number: Annotated[int, Path(ge=1, le=100_000)],
    width: Annotated[int, Query(ge=200, le=2000, description="Of the picture, in pixels.")] = 1000,
) -> Response:
    """As a picture, to its readers."""
    picture = services.knowledge().documents.page(document_id, number, width, asker)
    return Response(picture, media_type="image/png", headers=SAFE)


@router.get("/{document_id}/readers", summary="Show who may see a document", dependencies=_administer)
def list_readers(services: Given, document_id: str) -> Page[PrincipalShape]:
    """As of now."""
    return Page([principal_shape(each) for each in services.knowledge().documents.readers(document_id)], None)


@router.get("/{document_id}/why", summary="Ask why somebody may see a document", dependencies=_administer)
def explain_document(
    services: Given,
    document_id: str,
    account: Annotated[str, Query(min_length=1, max_length=200, description="An id or a login.")],
    lang: Language,
) -> WhyShape:
    """Or why he may not."""
    return why_shape(services.knowledge().documents.why(document_id, account), lang)
