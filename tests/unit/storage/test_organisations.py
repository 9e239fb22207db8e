import pytest
from sqlalchemy.exc import IntegrityError

from counterpoint.storage import organisations
from counterpoint.storage.database import Database


def test_organisations_and_projects_are_found_by_name(database: Database) -> None:
    with database.write() as connection:
        made = organisations.add_organisation(connection, "acme")
        project = organisations.add_project(connection, made.id, "web")
        assert organisations.find_organisation(connection, "acme") == made
        assert organisations.find_organisation(connection, "other") is None
        assert organisations.find_project(connection, made.id, "web") == project
        assert organisations.find_project(connection, "other", "web") is None


def test_a_name_is_given_once(database: Database) -> None:
    with database.write() as connection:
        made = organisations.add_organisation(connection, "acme")
        organisations.add_project(connection, made.id, "web")
    with pytest.raises(IntegrityError), database.write() as connection:
        organisations.add_project(connection, made.id, "web")
