import pytest

from counterpoint.control.beginning import Beginning
from counterpoint.control.budgets import subjects
from counterpoint.control.keys import Keys
from counterpoint.control.vault import Vault
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import organisations
from counterpoint.storage.database import Database
from counterpoint.storage.keys import KeyRow


def test_a_key_of_a_name_that_two_projects_have_is_named_with_its_project(
    database: Database, begun: Beginning, vault: Vault, key: KeyRow
) -> None:
    with database.write() as connection:
        organisations.add_project(connection, begun.organisation_id, "research")
    other = Keys(database, begun.organisation_id, vault).create("ci", project="research").key
    with database.read() as connection:
        with pytest.raises(Complaint, match="Several"):
            subjects.find(connection, begun.organisation_id, "key", "ci")
        for reference in ("research/ci", other.id):
            assert subjects.find(connection, begun.organisation_id, "key", reference).id == other.id
        assert subjects.find(connection, begun.organisation_id, "key", "default/ci").id == key.id
        own = subjects.find(connection, begun.organisation_id, "organisation", "")
        assert own.id == begun.organisation_id


def test_a_name_that_was_given_again_means_the_key_that_is_valid(
    database: Database, begun: Beginning, vault: Vault, key: KeyRow
) -> None:
    keys = Keys(database, begun.organisation_id, vault)
    keys.revoke("ci")
    again = keys.create("ci").key
    with database.read() as connection:
        assert subjects.find(connection, begun.organisation_id, "key", "ci").id == again.id
        assert ("key", key.id) in subjects.every(connection, begun.organisation_id)
