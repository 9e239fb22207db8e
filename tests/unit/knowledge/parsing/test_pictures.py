import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from counterpoint.knowledge.parsing import pictures
from counterpoint.knowledge.parsing.outcome import DAMAGED, PAGES_BY_OCR, TOO_LARGE, UnreadableError
from counterpoint.knowledge.parsing.soundness import sound


def picture(kind: str, text: str) -> bytes:
    made = Image.new("RGB", (640, 120), "white")
    ImageDraw.Draw(made).text((40, 40), text, fill="black", font=ImageFont.load_default(36))
    buffer = io.BytesIO()
    made.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_text_in_a_picture_is_recognised_with_its_place(kind: str) -> None:
    parsed = pictures.read(picture(kind, "Hello Counterpoint"))
    assert sound(parsed)
    assert parsed.text.replace(" ", "") == "HelloCounterpoint"
    assert (parsed.pages, parsed.remarks) == (1, (PAGES_BY_OCR,))
    assert 0.02 < parsed.lines[0].box.left < 0.1


def test_what_is_no_picture_is_damaged_and_a_gigantic_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableError) as caught:
        pictures.read(b"\x89PNG\r\n\x1a\n broken")
    assert caught.value.outcome.reason == DAMAGED
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    monkeypatch.setattr(pictures, "MOST_POINTS", 1000)
    with pytest.raises(UnreadableError) as caught:
        pictures.read(picture("PNG", "x"))
    assert caught.value.outcome.reason == TOO_LARGE


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P"])
@pytest.mark.parametrize(("letters", "ground"), [("black", (255, 255, 255)), ("white", (0, 0, 0))])
def test_letters_on_nothing_stand_out(kind: str, letters: str, ground: tuple[int, int, int]) -> None:
    made = Image.new("RGBA", (200, 40), (0, 0, 0, 0))
    ImageDraw.Draw(made).rectangle((10, 10, 50, 20), fill=letters)
    buffer = io.BytesIO()
    (made.quantize(8) if kind == "P" else made.convert(kind)).save(buffer, "PNG")
    with Image.open(buffer) as opened:
        seen = pictures.opaque(opened)
    assert (seen.mode, seen.getpixel((100, 30))) == ("RGB", ground)
    assert seen.getpixel((20, 15)) == tuple(255 - each for each in ground)


def test_what_is_transparent_everywhere_says_nothing() -> None:
    assert pictures.opaque(Image.new("RGBA", (20, 20), (0, 0, 0, 0))).getpixel((1, 1)) == (255, 255, 255)
