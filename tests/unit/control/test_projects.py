"""What projects may send where has one owner, and reaches the directory."""

import pytest

from counterpoint.control.known import Known
from counterpoint.control.projects import NewProject, Projects, declare
from counterpoint.control.publish import build_directory, current_revision
from counterpoint.directory.routes import Constraints
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import organisations
from counterpoint.storage.database import Database

LAW = NewProject("law", "secret", Constraints(residency=("EU",)))


@pytest.fixture
def home(database: Database) -> str:
    with database.write() as connection:
        return organisations.add_organisation(connection, "acme").id


@pytest.fixture
def projects(database: Database, home: str) -> Projects:
    return Projects(database, home)


def test_what_is_said_is_published(database: Database, home: str, projects: Projects) -> None:
    made = projects.add(LAW)
    (known,) = build_directory(database, home).projects.values()
    assert (known.id, known.data_class, known.constraints) == (made.id, "secret", LAW.constraints)
    before = current_revision(database)
    projects.change(LAW)
    assert current_revision(database) == before
    after = projects.change(NewProject("law", "public"))
    assert (after.constraints, after.revision) == (Constraints(), made.revision + 1)


def test_an_edit_of_what_somebody_else_changed_is_refused(projects: Projects) -> None:
    made = projects.add(NewProject("law"))
    projects.change(LAW, revision=made.revision)
    with pytest.raises(Complaint, match="meanwhile"):
        projects.change(NewProject("law"), revision=made.revision)
    with pytest.raises(Complaint, match="already exists"):
        projects.add(LAW)
    with pytest.raises(Complaint, match="no project named"):
        projects.find("order")


@pytest.mark.parametrize(
    "wrong",
    [
        NewProject("law", "a*"),
        NewProject("law", "x" * 101),
        NewProject("law", constraints=Constraints(residency=("France",))),
        NewProject(" law"),
    ],
)
def test_what_cannot_be_is_refused(projects: Projects, wrong: NewProject) -> None:
    with pytest.raises(Complaint):
        projects.add(wrong)
    assert projects.list() == []


def test_what_the_file_says_is_the_files_until_it_says_no_more(
    database: Database, home: str, projects: Projects
) -> None:
    with database.write() as connection:
        declare(connection, home, [LAW])
    assert projects.find("law").owner == "file"
    with pytest.raises(Complaint, match="configuration file"):
        projects.change(NewProject("law"))
    with database.write() as connection:
        declare(connection, home, [])
    after = projects.find("law")
    assert (after.owner, after.data_class, after.constraints) == ("studio", "", Constraints())


def test_nothing_said_in_the_studio_is_taken_over(database: Database, home: str, projects: Projects) -> None:
    projects.add(LAW)
    projects.add(NewProject("bare"))
    with pytest.raises(Complaint, match="each object has one owner"), database.write() as connection:
        declare(connection, home, [LAW])
    with database.write() as connection:
        declare(connection, home, [NewProject("bare", "public")])
    assert projects.find("bare").owner == "file"


def test_a_misspelt_exclusion_is_refused_when_it_is_said(database: Database, home: str) -> None:
    known = Known(makers=frozenset({"openai"}), hosts=frozenset())
    projects = Projects(database, home, lambda _: known)
    wrong = NewProject("law", constraints=Constraints(not_makers=("opnai",)))
    with pytest.raises(Complaint, match=r"constraints.not_makers\[0\]: .*'openai'"):
        projects.add(wrong)
    projects.add(NewProject("law"))
    with pytest.raises(Complaint, match=r"constraints.not_makers"):
        projects.change(wrong)
    with pytest.raises(Complaint, match=r"projects.law.constraints"), database.write() as connection:
        declare(connection, home, [wrong], known)
    right = NewProject("law", constraints=Constraints(not_makers=("OpenAI",)))
    with database.write() as connection:
        declare(connection, home, [right], known)
    with database.write() as connection:
        declare(connection, home, [right], Known(frozenset(), frozenset()))
