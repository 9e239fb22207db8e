"""Patterns of files, as people write them: `*.pdf`, `Board/**`, `**/draft-*`. Pure.

`*` and `?` stay within a name, `**` goes through folders. A pattern without a slash is about names, in whatever folder;
one with a slash is about paths from the folder where it is written. Capitals do not matter: to whom `*.pdf` is a scan,
`SCAN.PDF` is one.
"""

import re
from collections.abc import Sequence
from functools import lru_cache


def matches(pattern: str, path: str) -> bool:
    """Whether a path (with `/`, relative) is meant."""
    return _compiled(pattern).fullmatch(path) is not None


def wanted(path: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Whether it is among those to take: without `include`, all are."""
    taken = not include or any(matches(pattern, path) for pattern in include)
    return taken and not any(matches(pattern, path) for pattern in exclude)


@lru_cache(4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    anywhere = "/" not in pattern.rstrip("/")
    text = pattern.strip("/")
    if pattern.endswith("/"):
        text += "/**"
    told = "(?:.*/)?" if anywhere else ""
    return re.compile(told + "".join(map(_translated, _PIECES.findall(text))), re.IGNORECASE | re.DOTALL)


_PIECES = re.compile(r"\*\*/|\*\*|\*|\?|[^*?]+")
_MEANT = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _translated(piece: str) -> str:
    return _MEANT.get(piece) or re.escape(piece)
