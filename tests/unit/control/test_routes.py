"""Routes have one owner, are checked among all others, and reach the directory."""

import pytest

from counterpoint.control.known import Known
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.control.routes import Routes, declare
from counterpoint.control.rules import NameRules
from counterpoint.directory.routes import Constraints, Route, Target
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import organisations
from counterpoint.storage.database import Database


@pytest.fixture
def home(database: Database) -> str:
    with database.write() as connection:
        return organisations.add_organisation(connection, "acme").id


@pytest.fixture
def routes(database: Database, home: str) -> Routes:
    return Routes(database, home)


def route(name: str, *models: str) -> Route:
    return Route(name, targets=tuple(map(Target, models)))


def test_what_is_made_is_published(database: Database, home: str, routes: Routes) -> None:
    before = current_revision(database)
    routes.add(route("r", "m"))
    assert current_revision(database) == before + 1
    assert build_directory(database, home).routes == (route("r", "m"),)
    routes.change("r", route("r", "m"))
    assert (routes.find("r").revision, current_revision(database)) == (1, before + 1)
    routes.remove("r")
    assert build_directory(database, home).routes == ()


def test_an_edit_of_what_somebody_else_changed_is_refused(routes: Routes) -> None:
    routes.add(route("r", "m"))
    assert routes.change("r", route("r", "n"), revision=1).revision == 2
    for late in (
        lambda: routes.change("r", route("r", "o"), revision=1),
        lambda: routes.remove("r", revision=1),
    ):
        with pytest.raises(Complaint, match="meanwhile"):
            late()


def test_names_are_unique_and_may_change(routes: Routes) -> None:
    routes.add(route("a", "m"))
    routes.add(route("b", "m"))
    with pytest.raises(Complaint, match="already exists"):
        routes.add(route("a", "n"))
    with pytest.raises(Complaint, match="already exists"):
        routes.change("b", route("a", "n"))
    routes.change("b", route("c", "m"))
    assert [row.route.name for row in routes.list()] == ["a", "c"]
    with pytest.raises(Complaint, match="no route named"):
        routes.find("b")


def test_what_is_wrong_is_told_with_its_field(routes: Routes, database: Database, home: str) -> None:
    with pytest.raises(Complaint, match=r"^targets\[1\]\.model: "):
        routes.add(route("r", "m", "x*"))
    NameRules(database, home).replace([("best", "r")], [])
    with pytest.raises(Complaint, match="leads back"):
        routes.add(route("r", "best"))


def test_the_files_routes_are_the_files(database: Database, home: str, routes: Routes) -> None:
    with database.write() as connection:
        declare(connection, home, [route("r", "m"), route("s", "r")])
    for act in (lambda: routes.change("r", route("r", "n")), lambda: routes.remove("r")):
        with pytest.raises(Complaint, match="configuration file"):
            act()
    before = current_revision(database)
    with database.write() as connection:
        declare(connection, home, [route("r", "m"), route("s", "r")])
    assert current_revision(database) == before
    with database.write() as connection:
        declare(connection, home, [route("r", "n")])
    assert [row.route.targets for row in routes.list()] == [(Target("n"),)]


def test_nothing_made_in_the_studio_is_taken_over(database: Database, home: str, routes: Routes) -> None:
    routes.add(route("r", "m"))
    with pytest.raises(Complaint, match="each object has one owner"), database.write() as connection:
        declare(connection, home, [route("r", "n")])
    with pytest.raises(Complaint, match="leads back"), database.write() as connection:
        declare(connection, home, [route("x", "y"), route("y", "x")])
    assert [row.route.name for row in routes.list()] == ["r"]


def test_a_misspelt_exclusion_is_refused_when_it_is_made(database: Database, home: str) -> None:
    known = Known(makers=frozenset({"openai"}), hosts=frozenset({"groq"}))
    routes = Routes(database, home, lambda _: known)
    wrong = Route("r", targets=(Target("m"),), constraints=Constraints(not_makers=("opnai",)))
    with pytest.raises(Complaint, match=r"constraints.not_makers\[0\]: .*'openai'"):
        routes.add(wrong)
    with pytest.raises(Complaint, match=r"routes.r.constraints.not_makers"), database.write() as connection:
        declare(connection, home, [wrong], known)
    right = Route("r", targets=(Target("m"),), constraints=Constraints(not_hosts=("groq",)))
    with database.write() as connection:
        declare(connection, home, [right], known)
    with database.write() as connection:  # the host is gone, and the file starts all the same
        declare(connection, home, [right], Known(frozenset(), frozenset()))
