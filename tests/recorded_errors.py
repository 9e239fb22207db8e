"""Errors that hosts were recorded with, as a dialect understands them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from counterpoint.canonical import FailureKind
from counterpoint.dialects.base import ChatDialect
from counterpoint.testing.recordings import Recording


def kinds_by_status(dialect: ChatDialect, recorded: Iterable[Recording]) -> dict[int, set[FailureKind]]:
    """The kinds of failure that each status came to stand for. Each can be said again, as an `error`."""
    kinds: dict[int, set[FailureKind]] = defaultdict(set)
    for one in recorded:
        if one.status >= 400:
            failure = dialect.decode_error(one.status, one.response_headers, one.response_body)
            kinds[one.status].add(failure.kind)
            said: dict[str, Any] = json.loads(dialect.encode_error(failure, "r").body)
            assert said["error"]["message"], one.name
    return kinds
