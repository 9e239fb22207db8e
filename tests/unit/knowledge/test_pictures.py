"""A page becomes a picture, in a process whose end harms nobody."""

import socket
import struct
import subprocess
import sys
import zlib

import pypdfium2
import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.pictures import Order, Pictures, draw, drawn, png


def pdf(width: float = 200, height: float = 100, pages: int = 1) -> bytes:
    """Of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height)
    kept: list[bytes] = []

    class File:
        def write(self, data: bytes) -> int:
            kept.append(bytes(data))
            return len(data)

    document.save(File())
    return b"".join(kept)


def size(picture: bytes) -> tuple[int, int]:
    """Of a PNG."""
    width, height = struct.unpack(">II", picture[16:24])
    return int(width), int(height)


def test_a_page_is_drawn_as_wide_as_wanted_by_a_process_of_its_own() -> None:
    assert size(drawn(Order(pdf(), 1, 400))) == (400, 200)


def test_what_is_much_higher_than_wide_is_drawn_narrower() -> None:
    width, height = size(draw(Order(pdf(10, 10_000), 1, 400)))
    assert height <= 4 * 400 + 1000
    assert width < 10


@pytest.mark.parametrize("order", [Order(b"%PDF-1.7 and no more", 1, 400), Order(pdf(), 9, 400)])
def test_what_cannot_be_drawn_is_said(order: Order) -> None:
    with pytest.raises(Complaint, match="could not be drawn"):
        drawn(order)


def test_the_last_pictures_are_kept() -> None:
    pictures = Pictures()
    first = pictures.page("v", pdf(), 1, 300)
    assert pictures.page("v", b"not looked at", 1, 300) is first


def test_a_picture_is_what_was_painted() -> None:
    painted = png(b"\x01\x02\x03\x04\x05\x06\xff\xff", 2, 1, 8, 3)
    data = painted[painted.index(b"IDAT") + 4 : painted.index(b"IEND") - 8]
    assert zlib.decompress(data) == b"\0\x01\x02\x03\x04\x05\x06"


def test_whoever_draws_has_no_network() -> None:
    script = """
import socket, sys
from counterpoint.knowledge import pictures
pictures._bounded()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
    print("reached")
except OSError:
    print("refused")
"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-c", script, str(server.getsockname()[1])]
        done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    assert done.stdout == b"refused\n"
