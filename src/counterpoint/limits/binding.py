"""Which limits bind a call."""

from collections.abc import Iterable

from counterpoint.canonical.globs import fits
from counterpoint.limits.values import Limit, Wanted

_REMEMBERED = 4096


class Bindings:
    """The limits of a directory by whom they bind, looked up once for each key."""

    def __init__(self, limits: Iterable[Limit]) -> None:
        self._by_subject: dict[tuple[str, str], list[Limit]] = {}
        for limit in limits:
            self._by_subject.setdefault((limit.scope, limit.subject), []).append(limit)
        self._known: dict[tuple[str, str], tuple[Limit, ...]] = {}

    def of(self, organisation: str, project: str, key: str, user: str) -> tuple[Limit, ...]:
        """All that a key's calls are held by, whatever model they are for: the widest first."""
        if not self._by_subject:
            return ()
        known = self._known.get((key, user))
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            subjects = (
                ("organisation", organisation),
                ("project", project),
                ("user", user),
                ("key", key),
            )
            known = self._known[key, user] = tuple(
                limit for subject in subjects if subject[1] for limit in self._by_subject.get(subject, ())
            )
        return known


def binding(limits: Iterable[Limit], wanted: Wanted) -> tuple[Limit, ...]:
    """Those of a key's limits that may come to count the call."""
    if isinstance(limits, tuple) and not any(limit.models for limit in limits):
        return limits
    return tuple(limit for limit in limits if counts(limit, wanted.offerings, wanted.names))


def counts(limit: Limit, offerings: Iterable[str], names: Iterable[str]) -> bool:
    """Whether a limit counts calls that go by one of these names."""
    if not limit.models:
        return True
    called = {*offerings, *names}
    called |= {name.partition("/")[2] for name in called if "/" in name}
    return any(fits(name, limit.models) for name in called)
