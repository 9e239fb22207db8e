"""What a document is once it has been read, whatever its format: one text, and where in it everything stands.

Every place in a document is a pair of offsets into `Parsed.text` (characters, the end excluded). Blocks, cells and
lines say what stands there and where on a page or sheet it is, so that a quotation can be shown where it was found.
"""

from typing import Literal

import msgspec

BlockKind = Literal["heading", "paragraph", "item", "table", "code", "caption", "note"]
"""`note`: speakers' notes, footnotes, comments. `item`: of a list."""


class Box(msgspec.Struct, frozen=True, array_like=True):
    """A rectangle on a page. `page` counts from 1; the others are shares of its width and height, from the upper left
    corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class Line(msgspec.Struct, frozen=True, array_like=True):
    """Characters that stand together on a page."""

    start: int
    end: int
    box: Box


class Cell(msgspec.Struct, frozen=True, array_like=True):
    """Of a table: `row` and `column` count from 0; `name` is the sheet's (`B4`), if there is one."""

    start: int
    end: int
    row: int
    column: int
    name: str = ""


class Block(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of a document that its author made: blocks stand in reading order and do not overlap. `level`: of a
    heading (1 the highest) or of a list's item. `page`: from 1, `None` where there are no pages (slides are pages).
    `sheet`: of a spreadsheet; `range`: its cells (`A1:D9`). `cells`: of a table."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int | None = None
    sheet: str = ""
    range: str = ""
    cells: tuple[Cell, ...] = ()


class Parsed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document as it was read. `text`: blocks, two line ends between them; a row of a table is a line, its cells are
    separated by ` | `. `language`: `fr`, `en` or another code of ISO 639-1, empty if unknown. `pages`: how many,
    0 where there are none. `lines`: where the text stands, as far as its format says. `attachments`: other files that
    were in it, by name. `remarks`: i18n ids of what could not be read (`knowledge.remark.…`)."""

    text: str
    blocks: tuple[Block, ...]
    title: str = ""
    language: str = ""
    pages: int = 0
    lines: tuple[Line, ...] = ()
    attachments: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    author: str = ""
    modified: int | None = None
    """Microseconds since the epoch, as the file itself says."""


class Passage(msgspec.Struct, frozen=True, omit_defaults=True):
    """An indexed piece of a document: `text` is its `start` to `end`. `titles`: the headings it stands below, the
    document's own first. `page`: on which it begins."""

    document: str
    version: str
    number: int
    start: int
    end: int
    text: str
    titles: tuple[str, ...] = ()
    language: str = ""
    page: int | None = None
    last_page: int | None = None
    sheet: str = ""
    range: str = ""
    table: bool = False

    @property
    def id(self) -> str:
        """Of this passage of this version."""
        return f"{self.document}.{self.version}.{self.number}"


def document_of(passage_id: str) -> str:
    """The document that the passage of this id is a piece of."""
    return passage_id.rsplit(".", 2)[0]


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A quotation: the document's `start` to `end`, which is `quote`, and where a person finds it."""

    document: str
    version: str
    start: int
    end: int
    quote: str
    page: int | None = None
    sheet: str = ""
    cell: str = ""
    boxes: tuple[Box, ...] = ()
