"""Files of another dialect."""

import base64
from typing import Any

from tests.unit.dialects.bedrock_converse.bodies import from_openai

PNG = "data:image/png;base64,AAAA"


def adapted(*parts: Any) -> tuple[list[Any], list[str]]:
    body, losses = from_openai(
        messages=[{"role": "user", "content": [{"type": "text", "text": "a"}, *parts]}]
    )
    return body["messages"][0]["content"][1:], [loss.code for loss in losses]


def test_pictures_go_by_their_bytes_only() -> None:
    blocks, codes = adapted({"type": "image_url", "image_url": {"url": PNG, "detail": "high"}})
    assert blocks == [{"image": {"format": "png", "source": {"bytes": "AAAA"}}}]
    assert codes == ["image.detail"]
    blocks, codes = adapted({"type": "image_url", "image_url": {"url": "https://example.org/a.png"}})
    assert (blocks, codes) == ([], ["part.image"])
    blocks, codes = adapted({"type": "image_url", "image_url": {"url": "data:image/tiff;base64,AAAA"}})
    assert (blocks, codes) == ([], ["part.image"])


def test_documents_get_names_of_their_own() -> None:
    data = "data:application/pdf;base64," + base64.b64encode(b"%PDF").decode()
    file = {"type": "file", "file": {"filename": "a_b.pdf", "file_data": data}}
    blocks, codes = adapted(file, file)
    assert [block["document"]["name"] for block in blocks] == ["a-b-pdf", "a-b-pdf (2)"]
    assert blocks[0]["document"]["format"] == "pdf"
    assert codes.count("document.title") == 2


def test_sound_goes_in_its_format() -> None:
    sound = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}
    blocks, codes = adapted(sound)
    assert blocks == [{"audio": {"format": "mp3", "source": {"bytes": "AAAA"}}}]
    assert codes == []
