"""Citations: one canonical word for this dialect's several kinds of annotation."""

from typing import Any

from counterpoint.canonical import Citation
from counterpoint.dialects.extensions import extras, spelling
from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.openai_responses.names import ANNOTATION, NAME


def decode_annotation(annotation: Any) -> Citation | None:
    """One entry of a text's `annotations`: of a URL, a file, a file in a container; `None` if it is no object."""
    if type(annotation) is not dict:
        return None
    said = Fields(annotation, strict=False)
    title = said.text("title")
    return Citation(
        url=said.text("url"),
        title=said.text("filename") if title is None else title,
        start=said.integer("start_index"),
        end=said.integer("end_index"),
        extensions=extras(NAME, {"~" + ANNOTATION: annotation}),
    )


def encode_annotation(citation: Citation) -> dict[str, Any] | None:
    """The annotation; `None` for a citation of another dialect that has no URL."""
    known = spelling(citation.extensions, NAME, ANNOTATION)
    if known is not None:
        return dict(known)
    if citation.url is None:
        return None
    in_answer = citation.document is None
    return {
        "type": "url_citation",
        "url": citation.url,
        "title": citation.title or "",
        "start_index": citation.start if in_answer and citation.start is not None else 0,
        "end_index": citation.end if in_answer and citation.end is not None else 0,
    }
