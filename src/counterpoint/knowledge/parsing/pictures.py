"""Pictures of text: png, jpg, tiff, webp, gif and bmp through OCR, each frame a page.

The models are in the library's own wheel; nothing is fetched.
"""

import io
import logging
from functools import cache
from typing import Any, Final

import numpy as np
from PIL import Image, ImageOps, ImageSequence, ImageStat, UnidentifiedImageError

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
_SEEN: Final = 127
_LIGHT: Final = 192
"""Of 255."""
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
                upright = opaque(ImageOps.exif_transpose(frame))
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


def opaque(frame: Image.Image) -> Image.Image:
    """No larger than is read, and what can be seen through on a ground from which it stands out: letters in black on
    nothing would be black on black."""
    picture = frame.convert("RGBA" if frame.has_transparency_data else "RGB")
    picture.thumbnail((MOST_SIDE, MOST_SIDE))
    if picture.mode == "RGB":
        return picture
    seen = picture.getchannel("A").point(lambda share: 255 if share > _SEEN else 0)
    light = ImageStat.Stat(picture.convert("L"), seen).mean[0] if seen.getbbox() else 0
    ground = Image.new("RGBA", picture.size, "black" if light > _LIGHT else "white")
    return Image.alpha_composite(ground, picture).convert("RGB")


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
