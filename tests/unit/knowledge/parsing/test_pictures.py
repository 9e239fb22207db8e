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
    monkeypatch.setattr(pictures, "MOST_POINTS", 1000)
    with pytest.raises(UnreadableError) as caught:
        pictures.read(picture("PNG", "x"))
    assert caught.value.outcome.reason == TOO_LARGE
