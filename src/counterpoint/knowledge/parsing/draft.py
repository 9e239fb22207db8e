"""A document while it is being read: parsers add blocks, and every offset is counted here and nowhere else."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from counterpoint.knowledge.documents import Block, BlockKind, Box, Cell, Line, Parsed
from counterpoint.knowledge.parsing.outcome import CUT

MOST_CHARACTERS: Final = 20_000_000
"""Of one document: about ten thousand pages. What comes after is left out, and said so."""

BETWEEN_BLOCKS: Final = "\n\n"
BETWEEN_CELLS: Final = " | "

_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SPACE_AT_LINE_END = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n\n+")

Place = tuple[str, Box]
"""A line of a page and where it stands."""


def clean(text: str) -> str:
    """`text` with one kind of line end and of space, composed letters, and nothing that cannot be seen."""
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _SPACES.sub(" ", _UNWANTED.sub("", text))
    return _BLANK_LINES.sub("\n", _SPACE_AT_LINE_END.sub("\n", text)).strip()


def clean_code(text: str) -> str:
    """`text` whose spaces mean something: lines and indents stay."""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)))
    return re.sub("\n\n+", "\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def on_one_line(text: str) -> str:
    """`text` as it stands in a table's cell or in a title."""
    return clean(text).replace("\n", " ")


class Draft:
    """Blocks in reading order, and what is said about the document. `finish` makes the `Parsed`."""

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self.title = ""
        self.author = ""
        self.modified: int | None = None
        self.pages = 0
        self._most = most
        self._pieces: list[str] = []
        self._length = 0
        self._full = False
        self._blocks: list[Block] = []
        self._lines: list[Line] = []
        self._attachments: list[str] = []
        self._remarks: list[str] = []

    @property
    def full(self) -> bool:
        """Whether nothing more is taken."""
        return self._full

    @property
    def empty(self) -> bool:
        """Whether there is no block yet."""
        return not self._blocks

    def remark(self, sentence: str) -> None:
        """Says what could not be read; the same thing once."""
        if sentence not in self._remarks:
            self._remarks.append(sentence)

    def attach(self, name: str) -> None:
        """Another file that was in this one."""
        name = on_one_line(name)
        if name and name not in self._attachments and len(self._attachments) < 1000:
            self._attachments.append(name)

    def add(
        self, kind: BlockKind, text: str, *, level: int = 0, page: int | None = None, sheet: str = ""
    ) -> None:
        """A block of text; nothing if there is none."""
        text = clean_code(text) if kind == "code" else clean(text)
        if kind == "heading":
            text = text.replace("\n", " ")
        if self._length + len(BETWEEN_BLOCKS) + len(text) > self._most:
            text = self._cut(text)
        start = self._take(text)
        if start is not None:
            end = start + len(text)
            self._blocks.append(Block(kind, start, end, level=level, page=page, sheet=sheet))

    def add_cell(self, text: str, *, name: str, sheet: str) -> None:
        """A cell of a sheet that stands alone: a title, a remark."""
        text = on_one_line(text)
        start = self._take(text)
        if start is not None:
            end = start + len(text)
            cells = (Cell(start, end, 0, 0, name),)
            self._blocks.append(Block("paragraph", start, end, sheet=sheet, range=name, cells=cells))

    def add_table(
        self,
        rows: Iterable[Sequence[str]],
        *,
        page: int | None = None,
        sheet: str = "",
        range: str = "",  # noqa: A002 - the block's field
        names: Sequence[Sequence[str]] = (),
    ) -> None:
        """A table; rows without any text are left out. `names`: of the cells, beside `rows`."""
        texts: list[str] = []
        cells: list[Cell] = []
        at = 0
        room, over = self._most - self._length - len(BETWEEN_BLOCKS), False
        for number, row in enumerate(rows):
            line = [on_one_line(cell) for cell in row]
            while line and not line[-1]:
                line.pop()
            if not line:
                continue
            if at + sum(map(len, line)) + len(BETWEEN_CELLS) * len(line) > room:
                over = True
                break
            for column, cell in enumerate(line):
                if cell:
                    name = names[number][column] if names else ""
                    cells.append(Cell(at, at + len(cell), len(texts), column, name))
                at += len(cell) + len(BETWEEN_CELLS)
            texts.append(BETWEEN_CELLS.join(line))
            at += 1 - len(BETWEEN_CELLS)
        text = "\n".join(texts)
        start = self._take(text) if cells else None
        if over:
            self._close()
        if start is None:
            return
        moved = tuple(Cell(c.start + start, c.end + start, c.row, c.column, c.name) for c in cells)
        end = start + len(text)
        self._blocks.append(Block("table", start, end, page=page, sheet=sheet, range=range, cells=moved))

    def add_lines(self, kind: BlockKind, places: Sequence[Place], *, page: int, level: int = 0) -> None:
        """A block made of lines of a page: joined by spaces, a word that was cut at a line's end made whole."""
        pieces: list[str] = []
        marks: list[tuple[int, int, Box]] = []
        at = 0
        for line, box in places:
            text = on_one_line(line)
            if not text:
                continue
            if pieces:
                joint, shorter = _joint(pieces[-1], text)
                if shorter:
                    pieces[-1] = pieces[-1][:-1]
                    begin, end, where = marks[-1]
                    marks[-1] = (begin, end - 1, where)
                    at -= 1
                pieces.append(joint)
                at += len(joint)
            marks.append((at, at + len(text), box))
            pieces.append(text)
            at += len(text)
        whole = "".join(pieces)
        start = self._take(whole)
        if start is not None:
            self._blocks.append(Block(kind, start, start + len(whole), level=level, page=page))
            self._lines += [Line(start + a, start + b, box) for a, b, box in marks if b > a]

    def add_placed_table(self, rows: Sequence[Sequence[Sequence[Place]]], *, page: int) -> None:
        """A table of a page: of every cell, its lines and where they stand."""
        before = len(self._blocks)
        self.add_table(
            ([" ".join(on_one_line(text) for text, _ in cell) for cell in row] for row in rows), page=page
        )
        if len(self._blocks) == before:
            return
        filled = [row for row in rows if any(on_one_line(text) for cell in row for text, _ in cell)]
        for cell in self._blocks[-1].cells:
            at = cell.start
            for text, box in filled[cell.row][cell.column]:
                length = len(on_one_line(text))
                if length and at + length <= cell.end:
                    self._lines.append(Line(at, at + length, box))
                at += length + 1

    def finish(self) -> Parsed:
        """The document. Without a title of its own, it has its first heading's, if that stands near the beginning."""
        text = "".join(self._pieces)
        title = on_one_line(self.title)
        if not title:
            first = next((block for block in self._blocks[:5] if block.kind == "heading"), None)
            title = text[first.start : first.end] if first else ""
        return Parsed(
            text=text,
            blocks=tuple(self._blocks),
            title=title[:500].strip(),
            pages=self.pages,
            lines=tuple(self._lines),
            attachments=tuple(self._attachments),
            remarks=tuple(self._remarks),
            author=on_one_line(self.author)[:500].strip(),
            modified=self.modified,
        )

    def _cut(self, text: str) -> str:
        """As much of the last block as there is room for, to the end of a word."""
        room = self._most - self._length - len(BETWEEN_BLOCKS)
        self.remark(CUT)
        return text[: max(0, room)].rpartition(" ")[0].strip()

    def _close(self) -> None:
        self._full = True
        self.remark(CUT)

    def _take(self, text: str) -> int | None:
        """Where `text` starts, or `None` if it is not taken."""
        if not text or self.full:
            return None
        start = self._length + (len(BETWEEN_BLOCKS) if self._pieces else 0)
        if start + len(text) > self._most:
            self._close()
            return None
        if self._pieces:
            self._pieces.append(BETWEEN_BLOCKS)
        self._pieces.append(text)
        self._length = start + len(text)
        return start


def _joint(before: str, after: str) -> tuple[str, bool]:
    """What stands between two lines of a paragraph, and whether the first one loses its hyphen."""
    if before.endswith(("-", "\u2010")) and len(before) > 1 and before[-2].isalpha():
        # "know-|ledge" is one word; "Franco-|German" and "peut-|être" cannot be told from it without a dictionary,
        # but a capital or a digit after the hyphen shows that it belongs there.
        return "", after[0].islower()
    if before.endswith(("/", "-", "\u2013")) and not before.endswith((" -", " \u2013", " /")):
        return "", False
    return " ", False
