"""PowerPoint's presentations (pptx, pptm, ppsx): a slide is a page; its title, texts, tables, charts and notes."""

from collections.abc import Iterator
from typing import Final

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.drawings import add_drawings, text_of_drawing
from counterpoint.knowledge.parsing.ooxml import Element, Package, child, children, descendants, get, name_of

_TITLES: Final = {"title", "ctrTitle"}
_LEFT_OUT: Final = {"sldNum", "dt", "ftr", "hdr", "sldImg"}
_BODIES: Final = {"body", "obj", ""}


def read(data: bytes) -> Parsed:
    """The presentation."""
    package, draft = Package(data), Draft()
    package.remarks_to(draft)
    name, root = package.main("ppt/presentation.xml")
    package.describe(draft)
    targets = package.related(name)
    listed = [targets.get(get(each, "id"), ("", ""))[1] for each in _slide_ids(root)]
    slides = [slide for slide in listed if slide] or sorted(
        (target for kind, target in targets.values() if kind == "slide"), key=lambda each: (len(each), each)
    )
    draft.pages = len(slides)
    for page, slide in enumerate(slides, 1):
        _slide(package, draft, slide, page)
    return draft.finish()


def _slide_ids(root: Element) -> Iterator[Element]:
    """`id` of a slide's entry is a number, `r:id` its relation: the latter is wanted."""
    for each in children(child(root, "sldIdLst"), "sldId"):
        for key in list(each.attrib):
            if key == "id":
                del each.attrib[key]
        yield each


def _slide(package: Package, draft: Draft, name: str, page: int) -> None:
    root = package.xml(name)
    if root is None:
        return
    related = package.related(name)
    shapes = list(_shapes(child(root, "cSld", "spTree")))
    # The title is what a slide is read under, wherever it lies among the shapes.
    shapes.sort(key=lambda shape: _role(shape) not in _TITLES)
    for shape in shapes:
        _shape(package, draft, shape, related, page)
    for kind, target in related.values():
        if kind == "notesSlide":
            for shape in _shapes(child(package.xml(target), "cSld", "spTree")):
                if _role(shape) == "body":
                    draft.add(
                        "note", "\n".join(text_of_drawing(each) for each in _paragraphs(shape)), page=page
                    )
        elif kind == "comments":
            for comment in descendants(package.xml(target), "cm"):
                draft.add(
                    "note",
                    "\n".join(each.text or "" for each in descendants(comment, "text", "t")),
                    page=page,
                )


def _shapes(tree: Element) -> Iterator[Element]:
    if tree is None:
        return
    waiting = list(reversed(tree))
    while waiting:
        each = waiting.pop()
        match name_of(each):
            case "sp" | "graphicFrame" | "cxnSp":
                yield each
            case "grpSp":
                waiting += reversed(each)
            case "AlternateContent":
                choice = child(each, "Choice")
                choice = choice if choice is not None else child(each, "Fallback")
                waiting += reversed(choice) if choice is not None else []


def _role(shape: Element) -> str:
    """Of a placeholder; `-` for what is none."""
    place = child(shape, "nvSpPr", "nvPr", "ph")
    return "-" if place is None else get(place, "type")


def _shape(
    package: Package, draft: Draft, shape: Element, related: dict[str, tuple[str, str]], page: int
) -> None:
    if name_of(shape) == "graphicFrame":
        _frame(package, draft, shape, related, page)
        return
    role = _role(shape)
    if role in _LEFT_OUT:
        return
    paragraphs = [each for each in _paragraphs(shape) if text_of_drawing(each).strip()]
    if role in _TITLES or role == "subTitle":
        text = " ".join(text_of_drawing(each) for each in paragraphs)
        draft.add("heading", text, level=1 if role in _TITLES else 2, page=page)
        return
    for each in paragraphs:
        # A body's paragraphs have bullets unless they say otherwise; others have none unless they do.
        bullets = {name_of(mark) for mark in child(each, "pPr")} if child(each, "pPr") is not None else set()
        item = (
            "buNone" not in bullets if role in _BODIES else bool(bullets & {"buChar", "buAutoNum", "buBlip"})
        )
        if item and len(paragraphs) > 1:
            level = get(child(each, "pPr"), "lvl")
            draft.add(
                "item", text_of_drawing(each), level=int(level) + 1 if level.isdigit() else 1, page=page
            )
        else:
            draft.add("paragraph", text_of_drawing(each), page=page)


def _paragraphs(shape: Element) -> Iterator[Element]:
    return descendants(child(shape, "txBody"), "p")


def _frame(
    package: Package, draft: Draft, frame: Element, related: dict[str, tuple[str, str]], page: int
) -> None:
    """Tables, charts and diagrams."""
    for table in descendants(frame, "tbl"):
        rows = [[_table_cell(cell) for cell in children(row, "tc")] for row in children(table, "tr")]
        draft.add_table(rows, page=page)
    add_drawings(package, draft, frame, related, page)


def _table_cell(cell: Element) -> str:
    if get(cell, "hMerge") in {"1", "true"} or get(cell, "vMerge") in {"1", "true"}:
        return ""
    return "\n".join(text_of_drawing(each) for each in descendants(cell, "p"))
