"""Edits that do not undo each other: what is read has an ETag, and an edit says in `If-Match` which one it read."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Response

from counterpoint.i18n.complaint import Complaint

_TAG = re.compile(r'"(\d{1,9})"')


class Unconditional(Exception):  # noqa: N818 - it is told to a person, it is no defect
    """An edit that does not say what it edits."""


def tag_of(revision: int) -> dict[str, str]:
    """The header of an answer."""
    return {"ETag": f'"{revision}"'}


def edited(
    if_match: Annotated[
        str | None, Header(description="The ETag of what is edited; `*`: whatever it is.")
    ] = None,
) -> int | None:
    """The revision that an edit is for; `None`: any. Raises `Unconditional`, `Complaint`."""
    if if_match is None:
        raise Unconditional
    if if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Complaint("control.changed_meanwhile", kind="stale")
    return int(found[1])


def tagging(response: Response) -> Callable[[int], None]:
    """Sets the answer's ETag."""

    def tag(revision: int) -> None:
        response.headers.update(tag_of(revision))

    return tag


Tag = Annotated[Callable[[int], None], Depends(tagging)]
Edited = Annotated[int | None, Depends(edited)]
