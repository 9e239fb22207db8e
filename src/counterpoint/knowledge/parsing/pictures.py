"""Pictures of text: png, jpg, tiff, webp, gif and bmp through OCR, each frame a page.

The models are in the library's own wheel; nothing is fetched.
"""

import io
import logging
from functools import cache
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing import layout
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.layout import Run
from counterpoint.knowledge.parsing.outcome import (
    DAMAGED,
    OCR_STOPPED,
    PAGES_BY_OCR,
    TOO_LARGE,
    UnreadableError,
)
from counterpoint.knowledge.parsing.pace import alive
from counterpoint.knowledge.parsing.pdf import Page, write

MOST_POINTS: Final = 100_000_000
MOST_SIDE: Final = 4_000
MOST_FRAMES: Final = 200
LEAST_SCORE: Final = 0.5
"""What is recognised with less is a drawing more often than a word."""


def read(data: bytes) -> Parsed:
    """The picture's text."""
    Image.MAX_IMAGE_PIXELS = MOST_POINTS // 2  # an error beyond twice that
    draft, pages = Draft(), []
    try:
        with Image.open(io.BytesIO(data)) as picture:
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if number > MOST_FRAMES or (number > 1 and picture.format not in {"TIFF", "WEBP"}):
                    draft.remark(OCR_STOPPED) if number > MOST_FRAMES else None
                    break
                draft.pages = number
                upright = ImageOps.exif_transpose(frame).convert("RGB")
                upright.thumbnail((MOST_SIDE, MOST_SIDE))
                width, height = upright.size
                pages.append(Page(number, width, height, layout.pieces_of(runs_of(upright))))
    except Image.DecompressionBombError:
        raise UnreadableError(TOO_LARGE) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        raise UnreadableError(DAMAGED) from None
    write(draft, [page for page in pages if page.pieces])
    if not draft.empty:
        draft.remark(PAGES_BY_OCR)
    return draft.finish()


def runs_of(picture: Any) -> list[Run]:
    """Lines as OCR finds them, in the picture's own points."""
    alive()
    found = _engine()(np.asarray(picture)[:, :, ::-1])
    alive()
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    runs = []
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score >= LEAST_SCORE and text.strip():
            xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
            runs.append(Run(text, min(xs), min(ys), max(xs), max(ys), max(1.0, (max(ys) - min(ys)) * 0.75)))
    return runs


@cache
def _engine() -> Any:
    """One for the process: models take a second to load."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra, and heavy

    logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return RapidOCR(
        params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1}
    )
