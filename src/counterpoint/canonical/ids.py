"""Identifiers: UUIDv7, so that rows sort by time and no database has to hand them out.

RFC 9562, 5.7: 48 bits of milliseconds, then 12 bits that we use for the fraction of the millisecond (its
section 6.2, method 3), then 62 random bits. Ids made by one process ascend strictly.
"""

import os
import random
import time

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_last = 0

# An id is unique, not secret, so no entropy is asked of the system for each. A generator of our own:
# nobody else can seed it; a forked worker must not go on with its parent's numbers.
_chance = random.Random()  # noqa: S311
os.register_at_fork(after_in_child=_chance.seed)


def new_id() -> str:
    """A new UUIDv7 as text, greater than every one that this process made before."""
    global _last  # noqa: PLW0603 - the order of ids is a property of the process
    millis, nanos = divmod(time.time_ns(), 1_000_000)
    ticks = (millis << 12) | (nanos * 4096 // 1_000_000)
    if ticks <= _last:
        ticks = _last + 1
    _last = ticks
    value = ((ticks >> 12) << 80) | _VERSION | ((ticks & 0xFFF) << 64) | _VARIANT | _chance.getrandbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
