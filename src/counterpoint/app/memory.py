"""What the C library keeps of freed memory."""

import ctypes

_M_ARENA_MAX = -8
_ARENAS = 2


def few_arenas() -> None:
    """glibc gives threads arenas of their own, eight for each core, and what a thread has freed stays in its arena
    (mallopt(3), M_ARENA_MAX). A process that works in many threads, one at a time, would keep its largest piece of
    work once in each. Other C libraries have no such thing, and nothing to set."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
