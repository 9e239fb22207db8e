"""What projects may send where: the class of their data, and the conditions for every call of their keys."""

from collections.abc import Callable, Sequence

import msgspec
from sqlalchemy import Connection

from counterpoint.control.known import Known
from counterpoint.control.names import check_name
from counterpoint.control.ownership import FILE, STUDIO, refuse_if_declared
from counterpoint.control.routecheck import Faulty, constraint_faults
from counterpoint.directory.routes import Constraints, Project
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import organisations as store
from counterpoint.storage import settings
from counterpoint.storage.database import Database

LONGEST_CLASS = 100


class NewProject(msgspec.Struct, frozen=True):
    """What is said of a project, by its name."""

    name: str
    data_class: str = ""
    constraints: Constraints = Constraints()


class ProjectView(msgspec.Struct, frozen=True):
    """A project, and who may change what is said of it."""

    id: str
    name: str
    data_class: str
    constraints: Constraints
    owner: str
    created_at: int
    revision: int


class Projects:
    """The projects of one organisation. `known`: whom conditions can mean; `None`: that is not judged."""

    def __init__(
        self,
        database: Database,
        organisation_id: str,
        known: Callable[[Connection], Known] | None = None,
    ) -> None:
        self._database = database
        self._organisation_id = organisation_id
        self._known = known

    def list(self) -> Sequence[ProjectView]:
        """All, by name."""
        with self._database.read() as connection:
            return [_view(row) for row in store.projects_of(connection, self._organisation_id)]

    def find(self, name: str) -> ProjectView:
        """One. Raises `Complaint` when there is none."""
        with self._database.read() as connection:
            return _view(_find(connection, self._organisation_id, name))

    def add(self, new: NewProject) -> ProjectView:
        """A new one. Raises `Complaint`."""
        with self._database.write() as connection:
            self._check(connection, new)
            if store.find_project(connection, self._organisation_id, new.name) is not None:
                raise Complaint("control.projects.name_taken", kind="conflict", name=new.name)
            row = store.add_project(connection, self._organisation_id, new.name)
            _put(connection, row, new, STUDIO)
            return _view(_find(connection, self._organisation_id, new.name))

    def change(self, new: NewProject, *, revision: int | None = None) -> ProjectView:
        """What is said of it is this now. `revision`: the one that the change was made for. Raises `Complaint`."""
        with self._database.write() as connection:
            self._check(connection, new)
            row = _find(connection, self._organisation_id, new.name, lock=True)
            refuse_if_declared(row.constraints_owner, "project", new.name)
            if revision is not None and revision != row.revision:
                raise Complaint("control.changed_meanwhile", kind="stale")
            _put(connection, row, new, STUDIO)
            return _view(_find(connection, self._organisation_id, new.name))

    def _check(self, connection: Connection, new: NewProject) -> None:
        check(new, None if self._known is None else self._known(connection))


def declare(
    connection: Connection, organisation_id: str, wanted: Sequence[NewProject], known: Known | None = None
) -> None:
    """What the configuration file says of projects, which are made where they are not there yet. `known`: whom
    conditions can mean; what was said before is not judged again. Raises `Complaint`."""
    rows = {row.name: row for row in store.projects_of(connection, organisation_id)}
    for new in wanted:
        row = rows.pop(new.name, None) or store.add_project(connection, organisation_id, new.name)
        if row.constraints_owner != FILE and (row.data_class or row.constraints):
            raise Complaint("control.made_in_studio.project", kind="conflict", name=new.name)
        if _view(row).constraints != new.constraints:
            _check_constraints(new, known, "projects", new.name)
        _put(connection, row, new, FILE)
    for row in rows.values():
        if row.constraints_owner == FILE:
            _put(connection, row, NewProject(row.name), STUDIO)


def every_project(connection: Connection, organisation_id: str) -> dict[str, Project]:
    """As the directory has them, by id: those of which something is said."""
    views = (_view(row) for row in store.projects_of(connection, organisation_id))
    return {view.id: Project(view.id, view.name, view.data_class, view.constraints) for view in views}


def check(new: NewProject, known: Known | None = None) -> None:
    """Raises `Complaint`."""
    check_name(new.name)
    check_class(new.data_class)
    _check_constraints(new, known)


def _check_constraints(new: NewProject, known: Known | None, *place: str) -> None:
    for fault in constraint_faults(new.constraints, known):
        raise Faulty(msgspec.structs.replace(fault, path=(*place, "constraints", *fault.path)))


def check_class(name: str) -> str:
    """The name of a class of data, if any. Raises `Complaint`."""
    if name:
        check_name(name)
    if any(sign in name for sign in "*?[") or len(name) > LONGEST_CLASS:
        raise Complaint("control.projects.unusable_class", name=name[:LONGEST_CLASS])
    return name


def _put(connection: Connection, row: store.Project, new: NewProject, owner: str) -> None:
    constraints = None if new.constraints == Constraints() else msgspec.to_builtins(new.constraints)
    before = (row.data_class, _view(row).constraints, row.constraints_owner)
    if before == (new.data_class, new.constraints, owner):
        return
    values = {"data_class": new.data_class, "constraints": constraints, "constraints_owner": owner}
    store.change_project(connection, row.id, **values)
    settings.bump(connection)


def _find(connection: Connection, organisation_id: str, name: str, *, lock: bool = False) -> store.Project:
    row = store.find_project(connection, organisation_id, name, lock=lock)
    if row is None:
        raise Complaint("control.projects.unknown", kind="not_found", name=name)
    return row


def _view(row: store.Project) -> ProjectView:
    return ProjectView(
        id=row.id,
        name=row.name,
        data_class=row.data_class,
        constraints=msgspec.convert(row.constraints or {}, Constraints),
        owner=row.constraints_owner,
        created_at=row.created_at,
        revision=row.revision,
    )
