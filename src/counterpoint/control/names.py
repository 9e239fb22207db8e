"""What may be a name, said once for every kind of thing that has one."""

import re
from collections.abc import Sequence

from counterpoint.directory.places import GROUPS, is_place
from counterpoint.i18n.complaint import Complaint

LONGEST = 100
_SLUG = re.compile(r"[a-z0-9]([a-z0-9._-]{0,98}[a-z0-9])?")


def check_name(name: str) -> str:
    """A name that people read: of a key, a project. Raises `Complaint`."""
    if not name or name != name.strip() or len(name) > LONGEST or not name.isprintable():
        raise Complaint("control.names.unusable", name=name[:LONGEST], longest=LONGEST)
    return name


def check_slug(name: str) -> str:
    """A name that stands in `host/model`. Raises `Complaint`."""
    if not _SLUG.fullmatch(name):
        raise Complaint("control.names.not_a_slug", name=name[:LONGEST])
    return name


def check_patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    """Glob patterns over model names. Raises `Complaint`."""
    for pattern in patterns:
        if not pattern or len(pattern) > 200 or not pattern.isprintable() or " " in pattern:
            raise Complaint("control.names.unusable_pattern", pattern=pattern[:LONGEST])
    return tuple(patterns)


def check_places(codes: Sequence[str], *, groups: bool = True) -> tuple[str, ...]:
    """Codes of countries (ISO 3166), or, with `groups`, of groups of them. Raises `Complaint`."""
    for code in codes:
        if not is_place(code) or (code in GROUPS and not groups):
            raise Complaint("control.names.not_a_place", code=code[:LONGEST])
    return tuple(codes)
