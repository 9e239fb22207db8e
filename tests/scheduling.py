"""Which worker runs which test: what shares a platform, a browser or an installation stays together.

pytest-xdist's own groups are marks, which its version 3.8 loses under pytest 9.2; folders say the same.
"""

from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]  # it ships no types

TOGETHER: Final = frozenset({"browser", "clients", "docs", "security", "smoke"})
"""Folders below `tests` whose tests share something that is dear to start."""


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]  # for the same reason
    """Sends those folders whole to one worker each, and every other test to whoever is free."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.removeprefix("tests/").partition("/")[0]
        return folder if folder in TOGETHER else nodeid
