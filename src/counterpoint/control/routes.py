"""Routes as they are made and changed outside the configuration file, and declared in it."""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from counterpoint.control.known import Known
from counterpoint.control.ownership import FILE, STUDIO, refuse_if_declared, refuse_if_undeclared
from counterpoint.control.routecheck import Faulty, constraint_faults, first_fault, together
from counterpoint.directory.routes import Route
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import routes as store
from counterpoint.storage import rules as rule_store
from counterpoint.storage import settings
from counterpoint.storage.database import Database
from counterpoint.storage.routes import RouteRow


class Routes:
    """The routes of one organisation. `known`: whom conditions can mean; `None`: that is not judged."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        known: Callable[[Connection], Known] | None = None,
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._known = known

    def list(self) -> Sequence[RouteRow]:
        """All, by name."""
        with self._database.read() as connection:
            return store.listed(connection, self._organisation_id)

    def find(self, name: str) -> RouteRow:
        """One. Raises `Complaint` when there is none."""
        with self._database.read() as connection:
            return self._find(connection, name)

    def add(self, route: Route) -> RouteRow:
        """A new one. Raises `Complaint`."""
        with self._database.write() as connection:
            if store.by_name(connection, self._organisation_id, route.name) is not None:
                raise Complaint("control.routes.name_taken", kind="conflict", name=route.name)
            self._check(connection, route)
            store.add(connection, self._organisation_id, route, STUDIO)
            settings.bump(connection)
            return self._find(connection, route.name)

    def change(self, name: str, route: Route, *, revision: int | None = None) -> RouteRow:
        """It is this now; its name may be another. `revision`: the one that the change was made for. Raises
        `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, name, revision)
            taken = store.by_name(connection, self._organisation_id, route.name)
            if taken is not None and taken.id != row.id:
                raise Complaint("control.routes.name_taken", kind="conflict", name=route.name)
            self._check(connection, route, instead_of=name)
            if route != row.route:
                store.change(connection, row.id, route)
                settings.bump(connection)
            return self._find(connection, route.name)

    def remove(self, name: str, *, revision: int | None = None) -> None:
        """Calls by its name are refused from then on. Raises `Complaint`."""
        with self._database.write() as connection:
            row = self._editable(connection, name, revision)
            store.remove(connection, row.id)
            settings.bump(connection)

    def _editable(self, connection: Connection, name: str, revision: int | None) -> RouteRow:
        row = self._find(connection, name, lock=True)
        refuse_if_declared(row.owner, "route", name)
        if revision is not None and revision != row.revision:
            raise Complaint("control.changed_meanwhile", kind="stale")
        return row

    def _find(self, connection: Connection, name: str, *, lock: bool = False) -> RouteRow:
        row = store.by_name(connection, self._organisation_id, name, lock=lock)
        if row is None:
            raise Complaint("control.routes.not_found", kind="not_found", name=name)
        return row

    def _check(self, connection: Connection, route: Route, *, instead_of: str = "") -> None:
        """By itself, and among the others. Raises `Complaint`."""
        others = {
            row.route.name: row.route
            for row in store.listed(connection, self._organisation_id)
            if row.route.name != instead_of
        }
        aliases = _aliases(connection, self._organisation_id)
        known = None if self._known is None else self._known(connection)
        fault = first_fault(route, others | {route.name: route}, aliases, known)
        if fault is not None:
            raise Faulty(fault)


def declare(
    connection: Connection, organisation_id: str, wanted: Sequence[Route], known: Known | None = None
) -> None:
    """The routes of the configuration file are these, and no others. `known`: whom their conditions can mean; a route
    that stood before is not refused because somebody whom it excludes is there no more. Raises `Complaint`."""
    rows = {row.route.name: row for row in store.listed(connection, organisation_id)}
    changed = False
    for route in wanted:
        row = rows.pop(route.name, None)
        if row is None or row.route != route:
            for fault in constraint_faults(route.constraints, known):
                raise Faulty(
                    msgspec.structs.replace(fault, path=("routes", route.name, "constraints", *fault.path))
                )
        if row is None:
            store.add(connection, organisation_id, route, FILE)
            changed = True
            continue
        refuse_if_undeclared(row.owner, "route", route.name)
        if row.route != route:
            store.change(connection, row.id, route)
            changed = True
    for row in rows.values():
        if row.owner == FILE:
            store.remove(connection, row.id)
            changed = True
    every = {row.route.name: row.route for row in store.listed(connection, organisation_id)}
    for fault in together(every, _aliases(connection, organisation_id)):
        raise Faulty(msgspec.structs.replace(fault, path=("routes", *fault.path)))
    if changed:
        settings.bump(connection)


def _aliases(connection: Connection, organisation_id: str) -> Sequence[tuple[str, str]]:
    rows = rule_store.ordered(connection, organisation_id)
    return [(row.pattern, row.target) for row in rows if row.kind == "alias"]


def every_route(connection: Connection, organisation_id: str) -> tuple[Route, ...]:
    """As the directory has them."""
    return tuple(row.route for row in store.listed(connection, organisation_id))
