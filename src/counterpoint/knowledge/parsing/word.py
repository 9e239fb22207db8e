"""Word's documents (docx, docm, dotx): headings, lists, tables, notes and comments in the order in which they are read.

Headers and footers are left out: they repeat on every page and say nothing about it. Deleted text is left out, inserted
text is in.
"""

import re
from collections.abc import Iterator
from typing import Final

from counterpoint.knowledge.documents import BlockKind, Parsed
from counterpoint.knowledge.parsing.draft import Draft, on_one_line
from counterpoint.knowledge.parsing.drawings import add_drawings
from counterpoint.knowledge.parsing.ooxml import (
    Element,
    Package,
    child,
    children,
    descendants,
    get,
    name_of,
)

_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo) ?(\d)", re.IGNORECASE)
_TITLES: Final = {"title", "titre", "titel"}
_CAPTIONS: Final = {"caption", "légende", "legende", "beschriftung"}
_CODE: Final = re.compile(r"\b(?:code|source|listing|html preformatted|macro ?text)\b", re.IGNORECASE)
_LISTS: Final = re.compile(r"^(?:list|liste)\b", re.IGNORECASE)


def read(data: bytes) -> Parsed:
    """The document."""
    package, draft = Package(data), Draft()
    package.remarks_to(draft)
    name, root = package.main("word/document.xml")
    package.describe(draft)
    reader = _Reader(package, name, draft)
    reader.body(child(root, "body") if child(root, "body") is not None else root)
    for kind, each in (("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment")):
        part = package.of_kind(name, kind)
        for note in children(package.xml(part), each) if part else ():
            if get(note, "type") not in {"separator", "continuationSeparator", "continuationNotice"}:
                draft.add("note", text_of(note))
    return draft.finish()


class _Styles:
    """What styles make of paragraphs: styles inherit from others."""

    def __init__(self, package: Package, main: str) -> None:
        self._styles = {}
        self.default = ""
        part = package.of_kind(main, "styles")
        for style in children(package.xml(part), "style") if part else ():
            self._styles[get(style, "styleId")] = style
            if get(style, "type") == "paragraph" and get(style, "default") in {"1", "true"}:
                self.default = get(style, "styleId")

    def chain(self, style: str) -> list[Element]:
        """The style and those that it is based on."""
        found: list[Element] = []
        while style in self._styles and len(found) < 20:
            found.append(self._styles[style])
            style = get(child(self._styles[style], "basedOn"), "val")
        return found

    def kind(self, paragraph: Element) -> tuple[BlockKind, int]:
        """Of a paragraph, and its level."""
        properties = child(paragraph, "pPr")
        style = get(child(properties, "pStyle"), "val")
        chain = self.chain(style)
        names = [get(child(each, "name"), "val") for each in chain] or [style]
        if names[0].lower() in _TITLES:
            return "heading", 1
        if names[0].lower() in _CAPTIONS:
            return "caption", 0
        for name in names:
            if matched := _HEADING.match(name):
                return "heading", min(max(int(matched[1]), 1), 9)
        level = self._outline([properties, *(child(each, "pPr") for each in chain)])
        if level is not None:
            return "heading", level
        for each in (properties, *(child(each, "pPr") for each in chain)):
            numbering = child(each, "numPr")
            if numbering is not None:
                number, depth = get(child(numbering, "numId"), "val"), get(child(numbering, "ilvl"), "val")
                return (
                    ("item", int(depth) + 1 if depth.isdigit() else 1) if number != "0" else ("paragraph", 0)
                )
        if _LISTS.match(names[0]):
            return "item", 1
        return ("code", 0) if any(_CODE.search(name) for name in names) else ("paragraph", 0)

    @staticmethod
    def _outline(properties: list[Element]) -> int | None:
        for each in properties:
            level = get(child(each, "outlineLvl"), "val")
            if level.isdigit():
                return int(level) + 1 if int(level) < 9 else None
        return None


class _Reader:
    """Adds what stands in a body to a draft."""

    def __init__(self, package: Package, main: str, draft: Draft) -> None:
        self._package = package
        self._draft = draft
        self._styles = _Styles(package, main)
        self._related = package.related(main)
        self._code: list[str] = []

    def body(self, element: Element) -> None:
        """Paragraphs and tables, and those within what only groups them."""
        waiting = list(reversed(element))
        while waiting:
            each = waiting.pop()
            match name_of(each):
                case "p":
                    self._paragraph(each)
                case "tbl":
                    self._flush()
                    self._table(each)
                case "sdt" | "sdtContent" | "customXml" | "ins" | "smartTag" | "moveTo" | "Choice":
                    waiting += reversed(each)
                case "AlternateContent":
                    choice = child(each, "Choice")
                    waiting += [choice] if choice is not None else []
        self._flush()

    def _paragraph(self, paragraph: Element) -> None:
        kind, level = self._styles.kind(paragraph)
        text = text_of(paragraph)
        if kind == "code":
            self._code.append(text)
        else:
            self._flush()
            self._draft.add(kind, text, level=level)
        for box in _text_boxes(paragraph):
            self.body(box)
        add_drawings(self._package, self._draft, paragraph, self._related)

    def _flush(self) -> None:
        """Lines of code, which are paragraphs of their own, become one block."""
        if self._code:
            self._draft.add("code", "\n".join(self._code))
            self._code = []

    def _table(self, table: Element) -> None:
        rows = [_cells(row) for row in _rows(table)]
        texts = [[text for text, _ in row] for row in rows]
        if len(texts) == 1 and len(texts[0]) == 1:
            # A frame around text.
            for cell in rows[0][0][1]:
                self.body(cell)
            return
        self._draft.add_table(texts)


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        match name_of(each):
            case "tr":
                yield each
            case "sdt":
                yield from children(child(each, "sdtContent"), "tr")


def _cells(row: Element) -> list[tuple[str, list[Element]]]:
    """Texts by column: a cell that spans several stands in the first of them, one that goes on from above is empty."""
    found: list[tuple[str, list[Element]]] = []
    before = get(child(row, "trPr", "gridBefore"), "val")
    found += [("", [])] * (int(before) if before.isdigit() and int(before) < 100 else 0)
    cells = [each for each in row if name_of(each) in {"tc", "sdt"}]
    for each in cells:
        cell = each if name_of(each) == "tc" else child(each, "sdtContent", "tc")
        if cell is None:
            continue
        properties = child(cell, "tcPr")
        merged = child(properties, "vMerge")
        goes_on = merged is not None and get(merged, "val") != "restart"
        found.append(("", []) if goes_on else (_cell_text(cell), [cell]))
        span = get(child(properties, "gridSpan"), "val")
        found += [("", [])] * (min(int(span), 200) - 1 if span.isdigit() else 0)
    return found


def _cell_text(cell: Element) -> str:
    """All paragraphs of a cell, those of tables in it included."""
    return on_one_line("\n".join(text_of(each) for each in descendants(cell, "p")))


def text_of(element: Element) -> str:
    """What a paragraph or a note says. Text boxes, deleted text and instructions of fields are none of it."""
    pieces: list[str] = []
    waiting = list(reversed(element))
    while waiting:
        each = waiting.pop()
        match name_of(each):
            case "t":
                pieces.append(each.text or "")
            case "tab" | "ptab":
                pieces.append(" ")
            case "br" | "cr":
                pieces.append("\n")
            case "noBreakHyphen":
                pieces.append("-")
            case "f":
                pieces.append(_fraction(each))
            case "AlternateContent":
                choice = child(each, "Choice")
                waiting += [choice] if choice is not None else []
            case (
                "del"
                | "delText"
                | "moveFrom"
                | "txbxContent"
                | "instrText"
                | "pPr"
                | "rPr"
                | "tblPr"
                | "Fallback"
                | "pict"
            ):
                continue
            case "p":
                waiting += reversed(each)
                pieces.append("\n")
            case _:
                waiting += reversed(each)
    return "".join(pieces)


def _fraction(element: Element) -> str:
    above, below = (
        text_of(child(element, name)) if child(element, name) is not None else "" for name in ("num", "den")
    )
    return f"{above}/{below}" if below else above


def _text_boxes(paragraph: Element) -> Iterator[Element]:
    """The contents of boxes that are anchored in a paragraph, not of those within them."""
    for box in descendants(paragraph, "txbxContent"):
        above = box.getparent()
        while above is not None and above is not paragraph and name_of(above) != "txbxContent":
            above = above.getparent()
        if above is paragraph:
            yield box
