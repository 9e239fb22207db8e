"""What may be the path of a document: text that every database holds, and short enough for its index. Pure."""

from typing import Final

LONGEST: Final = 2000
"""Bytes, as UTF-8: an entry of an index of PostgreSQL has room for 2704, the source's id among them."""
_SHOWN: Final = 200


def too_long(path: str) -> bool:
    """Whether it has more bytes than can be kept."""
    return len(path.encode("utf-8", "surrogatepass")) > LONGEST


def sayable(path: str) -> bool:
    """Whether it is text: names of files, and addresses, may hold what is none."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in path


def shown(path: str) -> str:
    """For a sentence about it, whatever it holds."""
    told = path if sayable(path) else ascii(path)
    return told if len(told) <= _SHOWN else f"{told[:_SHOWN]}…"
