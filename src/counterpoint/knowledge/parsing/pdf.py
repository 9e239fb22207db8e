"""PDF: page by page, letters to lines with their boxes, lines to what a reader reads.

What repeats at the top and the bottom of pages is left out. A page that is a picture of text goes through OCR where
that is installed; else the document says that pages were not read.
"""

import ctypes
import importlib.util
import math
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from counterpoint.knowledge.documents import Box, Parsed
from counterpoint.knowledge.parsing import layout
from counterpoint.knowledge.parsing.draft import Draft, clean
from counterpoint.knowledge.parsing.layout import Piece, Run
from counterpoint.knowledge.parsing.outcome import (
    CUT,
    DAMAGED,
    ENCRYPTED,
    NO_OCR,
    OCR_STOPPED,
    PAGES_BY_OCR,
    PAGES_DAMAGED,
    PAGES_WITHOUT_TEXT,
    UnreadableError,
)
from counterpoint.knowledge.parsing.pace import alive

MOST_PAGES: Final = 5_000
MOST_OCR_PAGES: Final = 200
MOST_LETTERS: Final = 200_000
"""Of a page."""
OCR_DOTS: Final = 200
"""To an inch: less loses accents, more costs time and finds nothing further."""
_MARGIN: Final = 0.1
_NUMBER = re.compile(r"\d+")
_BOLD = re.compile(rb"bold|black|heavy|demi|cmbx|sfbx|-medi$")
_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?")


class Page:
    """What was found on a page: its size in points, and its pieces."""

    def __init__(self, number: int, width: float, height: float, pieces: list[Piece]) -> None:
        self.number = number
        self.width = width
        self.height = height
        self.pieces = pieces

    def box(self, run: Run) -> Box:
        """A run's, in shares of the page."""
        return Box(
            self.number,
            _share(run.left, self.width),
            _share(run.top, self.height),
            _share(run.right, self.width),
            _share(run.bottom, self.height),
        )


def read(data: bytes) -> Parsed:
    """The document."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
        raise UnreadableError(ENCRYPTED if locked else DAMAGED) from None
    draft = Draft()
    with closing(document):
        _describe(document, draft)
        draft.pages = len(document)
        pages = list(_pages(document, draft))
    write(draft, pages)
    parsed = draft.finish()
    if not parsed.text and PAGES_WITHOUT_TEXT in parsed.remarks and not _has_ocr():
        raise UnreadableError(NO_OCR)
    return parsed


def _meant(said: str) -> str:
    """What people wrote, not what programs put in where nobody wrote anything."""
    said = said.strip().removeprefix("Microsoft Word - ").removeprefix("Microsoft PowerPoint - ")
    return "" if said.lower().strip("()") in {"untitled", "anonymous", "unspecified", "unknown"} else said


def _describe(document: Any, draft: Draft) -> None:
    with suppress(pdfium.PdfiumError, UnicodeDecodeError):
        described = document.get_metadata_dict()
        draft.title, draft.author = (_meant(described.get(name, "")) for name in ("Title", "Author"))
        if matched := _DATE.match(described.get("ModDate", "") or described.get("CreationDate", "")):
            parts = [
                int(part) if part else least
                for part, least in zip(matched.groups(), (1, 1, 1, 0, 0, 0), strict=True)
            ]
            with suppress(ValueError):
                draft.modified = (
                    int(
                        datetime.fromisoformat(
                            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+00:00".format(*parts)
                        ).timestamp()
                    )
                    * 1_000_000
                )
    with suppress(pdfium.PdfiumError):
        for index in range(min(document.count_attachments(), 1000)):
            draft.attach(document.get_attachment(index).get_name())


def _pages(document: Any, draft: Draft) -> Iterator[Page]:
    forms = False
    with suppress(pdfium.PdfiumError):
        forms = document.get_formtype() != pdfium_c.FORMTYPE_NONE
        if forms:
            document.init_forms()
    scanned = 0
    for index in range(min(len(document), MOST_PAGES)):
        alive()
        try:
            page = document[index]
            with closing(page):
                if forms:
                    page.flatten()
                found = _page(page, index + 1)
                if not found.pieces and _has_pictures(page):
                    scanned += 1
                    found = _scanned(page, index + 1, draft, scanned) or found
        except pdfium.PdfiumError:
            draft.remark(PAGES_DAMAGED)
            continue
        if found.pieces:
            yield found
    if len(document) > MOST_PAGES:
        draft.remark(CUT)


def _has_pictures(page: Any) -> bool:
    """Whether there is anything to see on a page: an empty one needs no OCR."""
    return any(True for _ in page.get_objects(max_depth=3))


def _has_ocr() -> bool:
    return importlib.util.find_spec("rapidocr") is not None


def _scanned(page: Any, number: int, draft: Draft, scanned: int) -> Page | None:
    """The page as OCR reads its picture."""
    if not _has_ocr():
        draft.remark(PAGES_WITHOUT_TEXT)
        return None
    if scanned > MOST_OCR_PAGES:
        draft.remark(OCR_STOPPED)
        return None
    # Loads a runtime for models: only for files that need it.
    from counterpoint.knowledge.parsing import pictures  # noqa: PLC0415

    width, height = page.get_size()
    scale = min(OCR_DOTS / 72, 4000 / max(width, height, 1))
    picture = page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")
    runs = [
        run._replace(
            left=run.left / scale, top=run.top / scale, right=run.right / scale, bottom=run.bottom / scale,
            size=run.size / scale,
        )
        for run in pictures.runs_of(picture)
    ]  # fmt: skip
    draft.remark(PAGES_BY_OCR if runs else PAGES_WITHOUT_TEXT)
    return Page(number, width, height, layout.pieces_of(runs))


def _page(page: Any, number: int) -> Page:
    width, height = page.get_size()
    text = page.get_textpage()
    with closing(text):
        runs, sideways = _runs(page, text)
    pieces = layout.pieces_of(runs)
    return Page(number, width, height, [*pieces, *(Piece(lines=(run,)) for run in sideways)])


def _runs(page: Any, text: Any) -> tuple[list[Run], list[Run]]:
    """Letters that follow each other on a line, cut at wide gaps; and what is written from below to above."""
    place, handle, rectangle = _placing(page), text.raw, pdfium_c.FS_RECTF()
    unicode_of, box_of = pdfium_c.FPDFText_GetUnicode, pdfium_c.FPDFText_GetLooseCharBox
    width, height = page.get_size()
    pen = _Pen(handle, math.radians(page.get_rotation()))
    for index in range(min(text.count_chars(), MOST_LETTERS)):
        code = unicode_of(handle, index)
        letter = "-" if code in (2, 0xFFFE, 0xAD) else chr(code) if code else ""
        if code in (10, 13):
            pen.end()
        elif not letter.strip() or 0xD800 <= code < 0xE000:
            pen.space = True
        elif box_of(handle, index, rectangle):
            sides = place(rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)
            if sides[2] >= 0 and sides[3] >= 0 and sides[0] <= width and sides[1] <= height:
                pen.write(index, letter, *sides)
    pen.end()
    return pen.runs, [run._replace(text=clean(run.text)) for run in pen.sideways]


class _Pen:
    """Writes letters into runs."""

    def __init__(self, handle: Any, upright: float) -> None:
        self.runs: list[Run] = []
        self.sideways: list[Run] = []
        self.space = False
        self._handle = handle
        self._upright = upright
        self._letters: list[str] = []
        self._left = self._top = self._right = self._bottom = self._size = 0.0
        self._bold = False

    def end(self) -> None:
        """Of a run."""
        if self._letters:
            text = clean("".join(self._letters))
            self.runs.append(
                Run(text, self._left, self._top, self._right, self._bottom, self._size, self._bold)
            )
            self._letters = []
        self.space = False

    def write(self, index: int, letter: str, left: float, top: float, right: float, bottom: float) -> None:
        """A letter that stands there; `index`: its number on the page."""
        if self._letters:
            gap = max(left - self._right, self._left - right)
            shared = min(self._bottom, bottom) - max(self._top, top)
            if gap > self._size or shared < 0.4 * min(self._bottom - self._top, bottom - top):
                self.end()
        if self._letters:
            self._left, self._top = min(self._left, left), min(self._top, top)
            self._right, self._bottom = max(self._right, right), max(self._bottom, bottom)
            if self.space:
                self._letters.append(" ")
        elif math.cos(pdfium_c.FPDFText_GetCharAngle(self._handle, index) - self._upright) < 0.7:
            size = max(1.0, min(right - left, bottom - top))
            _aside(self.sideways, Run(" " * self.space + letter, left, top, right, bottom, size))
            self.space = False
            return
        else:
            self._left, self._top, self._right, self._bottom = left, top, right, bottom
            self._size, self._bold = _font(self._handle, index, bottom - top)
        self._letters.append(letter)
        self.space = False


def _aside(runs: list[Run], run: Run) -> None:
    """Adds a letter that is turned to the one before, if it stands beside it."""
    if runs:
        last = runs[-1]
        if (
            max(run.left - last.right, last.left - run.right) < 2 * run.size
            and max(run.top - last.bottom, last.top - run.bottom) < 2 * run.size
        ):
            runs[-1] = Run(
                last.text + run.text,
                min(last.left, run.left),
                min(last.top, run.top),
                max(last.right, run.right),
                max(last.bottom, run.bottom),
                last.size,
            )
            return
    runs.append(run)


def _font(handle: Any, index: int, height: float) -> tuple[float, bool]:
    """How large letters are on the page, and whether they are bold."""
    matrix = pdfium_c.FS_MATRIX()
    size = pdfium_c.FPDFText_GetFontSize(handle, index)
    if pdfium_c.FPDFText_GetMatrix(handle, index, matrix):
        size *= math.hypot(matrix.c, matrix.d)
    if not 0.3 * height < size < 3 * height:
        size = height * 0.8
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(handle, index, name, 128, flags)
    weight = pdfium_c.FPDFText_GetFontWeight(handle, index)
    said = name.value.lower()
    return max(size, 1.0), weight >= 600 or bool(_BOLD.search(said))


def _placing(page: Any) -> Any:
    """From the page's own coordinates (from below, before it is turned) to those of the page as it is seen."""
    left, bottom, right, top = page.get_bbox()
    across, up = max(right - left, 1.0), max(top - bottom, 1.0)
    rotation = page.get_rotation()

    def place(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        a, b, c, d = x0 - left, y0 - bottom, x1 - left, y1 - bottom
        match rotation:
            case 90:
                xs, ys = (b, d), (a, c)
            case 180:
                xs, ys = (across - a, across - c), (b, d)
            case 270:
                xs, ys = (up - b, up - d), (across - a, across - c)
            case _:
                xs, ys = (a, c), (up - b, up - d)
        return min(xs), min(ys), max(xs), max(ys)

    return place


def _share(value: float, whole: float) -> float:
    return round(min(max(value / whole if whole > 0 else 0.0, 0.0), 1.0), 4)


def write(draft: Draft, pages: list[Page]) -> None:
    """Pages into blocks, once all are known: what repeats and what is larger than the rest shows only then."""
    repeated = _repeated(pages)
    sizes = _headings(pages)
    body = _body_size(pages)
    for page in pages:
        for piece in page.pieces:
            if piece.rows:
                rows = [[[(run.text, page.box(run)) for run in cell] for cell in row] for row in piece.rows]
                draft.add_placed_table(rows, page=page.number)
                continue
            lines = [line for line in piece.lines if not (_margin(page, line) and _key(line) in repeated)]
            if not lines:
                continue
            places = [(line.text, page.box(line)) for line in lines]
            level = _level(piece, sizes, body)
            kind = "heading" if level else "item" if piece.item else "paragraph"
            draft.add_lines(kind, places, page=page.number, level=level or int(piece.item))  # type: ignore[arg-type]


def _margin(page: Page, line: Run) -> bool:
    return line.bottom < page.height * _MARGIN or line.top > page.height * (1 - _MARGIN)


def _key(line: Run) -> str:
    return _NUMBER.sub("#", line.text)


def _repeated(pages: list[Page]) -> set[str]:
    """Lines in margins that stand on many pages, their numbers aside; and numbers of pages, if they stand on most."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_key(line) for piece in page.pieces for line in piece.lines if _margin(page, line)})
    least = max(3, 0.4 * len(pages)) if len(pages) > 2 else math.inf
    return {key for key, count in counts.items() if count >= least}


def _body_size(pages: list[Page]) -> float:
    """Of most letters."""
    letters: Counter[float] = Counter()
    for page in pages:
        for piece in page.pieces:
            for line in piece.lines:
                letters[round(line.size * 2) / 2] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _headings(pages: list[Page]) -> list[float]:
    """Sizes of what stands out, the largest first."""
    body = _body_size(pages)
    sizes = {
        round(piece.size * 2) / 2
        for page in pages
        for piece in page.pieces
        if piece.lines and piece.size > body * 1.12 and _is_short(piece)
    }
    return sorted(sizes, reverse=True)


def _is_short(piece: Piece) -> bool:
    text = piece.text
    return (
        len(piece.lines) <= 3
        and 2 < len(text) <= 200
        and sum(letter.isalpha() for letter in text) * 2 > len(text)
    )


def _level(piece: Piece, sizes: list[float], body: float) -> int:
    """Of a heading; 0 for what is none."""
    if not _is_short(piece):
        return 0
    size = round(piece.size * 2) / 2
    if size > body * 1.12 and size in sizes:
        return min(sizes.index(size) + 1, 6)
    alone = len(piece.lines) == 1 and len(piece.text) <= 100 and not piece.text.endswith((".", ",", ";", ":"))
    bold = piece.lines[0].bold and size >= body * 0.95
    return min(len(sizes) + 1, 6) if alone and bold and not piece.item else 0
