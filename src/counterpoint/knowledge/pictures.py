"""A page of a PDF as a picture (PNG). A stranger's file is drawn in a process of its own, without network (`doctor`
says where a system forbids that), and with so much memory and time and no more: what it does to that process,
nobody else notices."""

import struct
import subprocess
import sys
import threading
import zlib
from collections import OrderedDict
from typing import Final

import msgspec

from counterpoint.engines.isolation import leave_network
from counterpoint.i18n.complaint import Complaint

DRAWN: Final = "application/pdf"
"""Of other kinds there are no pictures."""
SECONDS: Final = 20
MEMORY: Final = 2 << 30
_TALLEST: Final = 4
"""Times as high as wide: what is longer is drawn narrower."""
_KEPT: Final = 64


class Order(msgspec.Struct, frozen=True, array_like=True):
    """What the process is given. `number` from 1; `width` in pixels."""

    data: bytes
    number: int
    width: int


class Pictures:
    """The last few that were drawn are kept. Safe between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(2)

    def page(self, version: str, data: bytes, number: int, width: int) -> bytes:
        """Of the document with these bytes. Raises `Complaint`."""
        key = (version, number, width)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._room:
            picture = drawn(Order(data, number, width))
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return picture


def drawn(order: Order) -> bytes:
    """By a process of its own. Raises `Complaint`."""
    command = [sys.executable, "-m", "counterpoint.knowledge.pictures"]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command,
            input=msgspec.msgpack.encode(order),
            capture_output=True,
            timeout=SECONDS + 10,
            check=False,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(filter(None, sys.path))},
        )
    except subprocess.TimeoutExpired:
        raise Complaint("knowledge.documents.not_drawn", kind="unavailable", number=order.number) from None
    if done.returncode != 0 or not done.stdout.startswith(b"\x89PNG"):
        raise Complaint("knowledge.documents.not_drawn", kind="unavailable", number=order.number)
    return done.stdout


def draw(order: Order) -> bytes:
    """Here and now."""
    import pypdfium2  # noqa: PLC0415 - only this process carries it

    document = pypdfium2.PdfDocument(order.data)
    page = document[order.number - 1]
    width, height = page.get_size()
    pixels = min(order.width, int(order.width * _TALLEST * width / height)) if height else order.width
    bitmap = page.render(scale=max(pixels, 1) / width, rev_byteorder=True, prefer_bgrx=False)
    return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


def png(buffer: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """PNG (W3C, third edition): 8 bits a channel, no filter."""
    rows = b"".join(b"\0" + buffer[row * stride : row * stride + width * channels] for row in range(height))
    colour = {1: 0, 3: 2, 4: 6}[channels]
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bounded() -> None:
    import resource  # noqa: PLC0415 - of the process that draws

    leave_network()
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    _bounded()
    sys.stdout.buffer.write(draw(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)))
