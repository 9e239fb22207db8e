"""What conditions can mean: the catalogue's names, and the operator's."""

from counterpoint.catalog.loading import load
from counterpoint.control.known import known_names
from counterpoint.storage import organisations, providers
from counterpoint.storage.database import Database

INHOUSE = {
    "name": "inhouse",
    "host": "custom",
    "dialects": {},
    "settings": {},
    "owner": "studio",
    "enabled": True,
}


def test_the_catalogues_names_and_the_operators(database: Database) -> None:
    catalog = load()
    with database.write() as connection:
        home = organisations.add_organisation(connection, "acme").id
        providers.add(connection, home, **INHOUSE)
        known = known_names(connection, home, catalog)
    assert known.makers == frozenset(catalog.makers)
    assert known.hosts == {*catalog.hosts, "local", "inhouse"}
