"""Passages that were found lately, so that what is found again is not read again: in a bucket each is a request.

They are known by the address of their row. What stands at an address never changes: a row that is changed, or moved by
`tend`, gets another, and addresses are not used twice. Whether it may be seen is not kept: the search itself says so.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping

from counterpoint.knowledge.index.lance_rows import Found


class Kept:
    """Up to `most` of them; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[int, Found] = OrderedDict()

    def at(self, addresses: Iterable[int]) -> dict[int, Found]:
        """Those that are here."""
        with self._lock:
            here = {each: self._held[each] for each in addresses if each in self._held}
            for each in here:
                self._held.move_to_end(each)
            return here

    def keep(self, found: Mapping[int, Found]) -> None:
        """Those that were not asked for longest go."""
        with self._lock:
            self._held.update(found)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
