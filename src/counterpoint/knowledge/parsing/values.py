"""JSON, one value or one a line: what is in it stands under its path."""

from typing import Any, Final

import msgspec

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.plain import add_text, characters

MOST_VALUES: Final = 500_000
MOST_DEPTH: Final = 60


def read(data: bytes) -> Parsed:
    """Each value under its path; what is no JSON is read as text."""
    text, draft = characters(data), Draft()
    values: list[Any] = []
    try:
        values.append(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        for line in text.splitlines():
            try:
                values.append(msgspec.json.decode(line))
            except (msgspec.DecodeError, RecursionError):
                add_text(draft, text)
                return draft.finish()
    for value in values:
        lines = [f"{path}: {said}" if path else said for path, said in _leaves(value)]
        # Blocks of a size that can be shown: a thing's fields stay together.
        for at in range(0, len(lines), 40):
            draft.add("code", "\n".join(lines[at : at + 40]))
    return draft.finish()


def _leaves(value: Any) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    waiting: list[tuple[str, Any, int]] = [("", value, 0)]
    while waiting and len(found) < MOST_VALUES:
        path, each, depth = waiting.pop()
        if isinstance(each, dict) and depth < MOST_DEPTH:
            waiting += [
                (f"{path}.{key}" if path else str(key), inner, depth + 1)
                for key, inner in reversed(each.items())
            ]
        elif isinstance(each, list) and depth < MOST_DEPTH:
            waiting += [(f"{path}[{at}]", inner, depth + 1) for at, inner in reversed(list(enumerate(each)))]
        elif each is not None and not isinstance(each, dict | list):
            found.append((path, str(each).lower() if isinstance(each, bool) else str(each)))
    return found
