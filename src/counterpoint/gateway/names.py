"""From the name that a caller wrote to the offerings that may answer, in order; pure, and explained.

The rules: `host/model` is meant exactly (a model that the catalogue does not know is passed to a known host all
the same: new models appear daily). Else the organisation's aliases are tried in their order. Else a bare name
means every offering of that model, the preferred hosts first. An alias may lead to a route, which `routing` follows.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any
from urllib.parse import quote

import msgspec

from counterpoint.canonical.globs import fits
from counterpoint.catalog.nearest import nearest
from counterpoint.dialects.base import Target
from counterpoint.directory import LOCAL_HOST, Directory, Host, Key, Offering
from counterpoint.directory.routes import Project, Route
from counterpoint.gateway.bounds import Bounds
from counterpoint.limits.binding import Bindings

_REMEMBERED = 4096
_LATEST = ":latest"
"""A tag that many clients of local models add to every name without one; it means the same."""
_LONGEST = 512  # letters of a name: what is longer names nothing
_ALIAS_STEPS = 8


_OF_NONE = Project("", "")


class Candidate(msgspec.Struct, frozen=True):
    """One offering that may answer, spoken to in `dialect` at `path` (both empty for a local model). `name` and
    `target` follow from the offering and its host: they are worked out once, not for every exchange."""

    offering: Offering
    host: Host
    name: str
    target: Target
    dialect: str = ""
    path: str = ""

    @property
    def local(self) -> bool:
        """Whether it runs in a process of ours."""
        return self.host.name == LOCAL_HOST


class Considered(msgspec.Struct, frozen=True):
    """Why an offering was kept or dropped: `reason` is an i18n id with its `values`."""

    offering: str
    kept: bool
    reason: str
    values: dict[str, str] = {}


class Resolution(msgspec.Struct, frozen=True):
    """`candidates` in the order in which to try them. `steps`: the names that aliases led through, the first
    as the caller wrote it. `route`: the one that they led to, which has candidates of its own."""

    candidates: tuple[Candidate, ...]
    steps: tuple[str, ...]
    considered: tuple[Considered, ...]
    route: str = ""


class Names:
    """A directory, indexed for look-ups by name."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.limits = Bindings(directory.limits)
        """By key: a call of one that has none reserves nothing."""
        self.bounds = Bounds(directory)
        self.routes = {route.name: route for route in directory.routes}
        self.ready: dict[Any, Any] = {}
        """What `routing` has worked out from this directory and may want again; it bounds it itself."""
        self._exact: dict[str, Offering] = {}
        self._bare: dict[str, list[Offering]] = {}
        rank = {host: index for index, host in enumerate(directory.rules.prefer)}
        ordered = sorted(
            directory.offerings, key=lambda item: (rank.get(item.host, len(rank)), item.host, item.id)
        )
        for offering in ordered:
            self._exact[offering.name] = offering
            for bare in {offering.id, offering.model}:
                self._bare.setdefault(bare, []).append(offering)
        self._known: dict[tuple[str, str, tuple[str, ...]], Resolution] = {}

    def project_of(self, key: Key) -> Project | None:
        """What binds the calls of `key`; `None`: its project is not known here, so that nobody can say what does."""
        return self.directory.projects.get(key.project) if key.project else _OF_NONE

    def resolve(self, requested: str, operation: str, dialects: tuple[str, ...]) -> Resolution:
        """Candidates for `operation` (`chat`, `embed`). `dialects`: the upstream dialects that can serve it, the
        caller's own first: it is the one to choose where a host speaks several."""
        if len(requested) > _LONGEST:
            return Resolution((), (requested[:_LONGEST],), ())
        key = (requested, operation, dialects)
        resolution = self._known.get(key)
        if resolution is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            resolution = self._known[key] = self._resolve(requested, operation, dialects)
        return resolution

    def _resolve(self, requested: str, operation: str, dialects: tuple[str, ...]) -> Resolution:
        steps = [requested]
        offerings = self._offerings(requested)
        while not offerings and len(steps) <= _ALIAS_STEPS:
            target = self._alias(steps[-1])
            if target is None or target in steps:
                break
            steps.append(target)
            if target in self.routes:
                return Resolution((), tuple(steps), (), route=target)
            offerings = self._offerings(target)
        candidates: list[Candidate] = []
        considered: list[Considered] = []
        for offering in offerings:
            candidate, verdict = self._consider(offering, operation, dialects)
            considered.append(verdict)
            if candidate is not None:
                candidates.append(candidate)
        return Resolution(tuple(candidates), tuple(steps), tuple(considered))

    def _alias(self, name: str) -> str | None:
        for pattern, target in self.directory.rules.aliases:
            if fits(name, (pattern,)):
                return target
        return None

    def _offerings(self, name: str) -> list[Offering]:
        exact = self._exact.get(name)
        if exact is not None:
            return [exact]
        host, _, rest = name.partition("/")
        if host != LOCAL_HOST and host in self.directory.hosts and _is_model_name(rest):
            known = self.directory.hosts[host]
            return [
                Offering(
                    host=host,
                    id=rest,
                    model=rest,
                    jurisdiction=known.jurisdiction,
                    residency=known.residency,
                    data_classes=known.data_classes,
                    catalogued=known.catalogued,
                )
            ]
        if name not in self._bare and name.endswith(_LATEST):
            return self._offerings(name.removesuffix(_LATEST))
        return self._bare.get(name, [])

    def _consider(
        self, offering: Offering, operation: str, dialects: tuple[str, ...]
    ) -> tuple[Candidate | None, Considered]:
        name = offering.name
        host = self.directory.hosts.get(offering.host)
        if host is None:
            return None, Considered(name, False, "gateway.explain.no_host", {"host": offering.host})
        if offering.capabilities and operation not in offering.capabilities:
            return None, Considered(name, False, "gateway.explain.no_capability", {"operation": operation})
        if host.name == LOCAL_HOST:
            local = Candidate(offering, host, name, _target(offering, host))
            return local, Considered(name, True, "gateway.explain.local")
        for dialect in (
            *dialects[:1],
            *host.dialects,
        ):  # the caller's own, else the first of the host's that will do
            if dialect in dialects and dialect in host.dialects and host.takes(dialect, offering.id):
                path = _path(host.dialects[dialect], offering.id)
                if dialect in host.variants:
                    host = msgspec.structs.replace(host, headers=host.variants[dialect])
                kept = Considered(name, True, "gateway.explain.kept", {"dialect": dialect, "host": host.name})
                return Candidate(offering, host, name, _target(offering, host), dialect, path), kept
        return None, Considered(name, False, "gateway.explain.no_dialect", {"operation": operation})

    def visible(self, key: Key | None) -> list[Offering]:
        """The offerings that `key` may call, by name (all of them without a key)."""
        return [
            self._exact[name]
            for name in sorted(self._exact)
            if key is None or allowed(key, (), self._exact[name])
        ]

    def open_routes(self, key: Key) -> list[Route]:
        """Those that `key` may call, by their own names or by their targets', as far as names tell."""
        return [
            route
            for name, route in sorted(self.routes.items())
            if not key.models
            or any(fits(each, key.models) for each in (name, *(target.model for target in route.targets)))
        ]

    def find(self, name: str, key: Key | None) -> Offering | None:
        """One offering by `host/id` or bare name, if `key` may call it."""
        for offering in self._offerings(name):
            if offering.name in self._exact and (key is None or allowed(key, (name,), offering)):
                return offering
        return None

    def able(self, operation: str, dialects: tuple[str, ...], key: Key | None, count: int = 5) -> list[str]:
        """The first offerings of which it is known that they serve an operation beside chat, for whoever named one
        that does not."""
        if operation == "chat":
            return []
        hosts = {
            name
            for name, host in self.directory.hosts.items()
            if not host.dialects.keys().isdisjoint(dialects)
        }
        able = (
            item.name for item in self.visible(key) if item.host in hosts and operation in item.capabilities
        )
        return list(islice(able, count))

    def nearest(self, name: str, key: Key | None, count: int = 3) -> list[str]:
        """The names most like `name`, for whoever mistyped it."""
        names: set[str] = set()
        for offering in self.visible(key):
            names |= {offering.name, offering.id, offering.model}
        names |= {pattern for pattern, _ in self.directory.rules.aliases if "*" not in pattern}
        names |= self.routes.keys()
        return nearest(name, sorted(names), count)


def _is_model_name(text: str) -> bool:
    """Whether a model that no catalogue knows may be called so; it may become part of a URL, where `..` leads
    out of its place."""
    return bool(text) and text.isprintable() and {".", ".."}.isdisjoint(text.split("/"))


def _path(template: str, model: str) -> str:
    """Where more of the path follows the model's id, the id is one segment of it, whatever is in it (an AWS resource
    name has colons and slashes)."""
    whole = "{model}/" in template
    return template.replace("{model}", quote(model, safe="" if whole else "/:@"))


def _target(offering: Offering, host: Host) -> Target:
    return Target(model=offering.id, max_output_default=offering.max_output or 4096, quirks=host.quirks)


def allowed(key: Key, asked: Iterable[str], offering: Offering) -> bool:
    """Whether the key's list of models admits the offering, under any of the names it goes by."""
    if not key.models:
        return True
    names = {*asked, offering.name, offering.id, offering.model}
    return any(fits(name, key.models) for name in names)
