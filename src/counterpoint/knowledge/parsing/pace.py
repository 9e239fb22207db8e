"""A sign of life from whoever reads a long file: between two of them, a file may take so long and no longer."""

from collections.abc import Callable

_beats: list[Callable[[], None]] = []


def alive() -> None:
    """Says that something was got done: a page, a sheet."""
    for beat in _beats:
        beat()


def on_beat(beat: Callable[[], None]) -> None:
    """`beat` is called from now on, and whoever was called before no more."""
    _beats[:] = [beat]
