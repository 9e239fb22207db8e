from sqlalchemy import Connection

from counterpoint.storage import knowledge, organisations
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import Listed
from counterpoint.storage.knowledge_readers import Heard


def documents(connection: Connection, count: int = 3) -> tuple[str, list[str]]:
    organisation = organisations.add_organisation(connection, "Example")
    id_ = sources.add(connection, organisation.id, name="files", kind="folder", settings={}, readers=[]).id
    seen = knowledge.see(connection, id_, [Listed(str(number), "1") for number in range(count)], 100)
    return id_, list(seen.new)


def test_exactly_these_may_see_it(database: Database) -> None:
    with database.write() as connection:
        source, (one, two, three) = documents(connection)
        assert readers.put(connection, {one: frozenset({"a", "b"}), two: frozenset({"a"})}) == 2
        assert (
            readers.put(connection, {one: frozenset({"b", "c"}), two: frozenset({"a"}), three: frozenset()})
            == 1
        )
        assert readers.of(connection, [one, two, three]) == {one: {"b", "c"}, two: {"a"}}
        assert readers.visible(connection, ["a", "b"], [one, two, three]) == {one, two}
        assert readers.visible(connection, ["a"], [one, three]) == set()
        assert readers.visible(connection, [], [one]) == set()
        assert readers.with_readers(connection, source) == 2


def test_the_index_hears_of_each_change(database: Database) -> None:
    with database.write() as connection:
        source, (one, two, _) = documents(connection)
        readers.put(connection, {one: frozenset({"a"}), two: frozenset({"a"})})
        assert readers.untold(connection, 10) == {}, "it does not know the documents yet"
        mine = knowledge.claim(connection, "read", "me", 60.0, 10)
        heard = readers.heard(connection, [one, two])
        for row in mine:
            values = {"state": "ready", "indexed": "x"}
            knowledge.settle(connection, "me", row, values | {"heard": heard.get(row.id)})
        assert readers.untold(connection, 10) == {}
        readers.put(connection, {one: frozenset()})
        untold = readers.untold(connection, 10)
        assert untold == readers.heard(connection, [one]) == {one: Heard(source, 2, 1)}
        readers.put(connection, {one: frozenset({"b"})})  # before the index has heard of the last one
        readers.tell(connection, untold)
        untold = readers.untold(connection, 10)
        assert untold == {one: Heard(source, 3, 2)}
        readers.tell(connection, untold)
        assert readers.untold(connection, 10) == {}


def test_an_index_that_two_told_at_once_hears_it_again(database: Database) -> None:
    with database.write() as connection:
        _, (one, *_) = documents(connection)
        (row, *_) = knowledge.claim(connection, "read", "me", 60.0, 10)
        assert row.id == one
        readers.put(connection, {one: frozenset({"a"})})
        before = readers.heard(connection, [one])
        readers.put(connection, {one: frozenset({"a", "b"})})
        told = readers.heard(connection, [one])
        # The index takes the new readers, then the document with the old ones.
        values = {"state": "ready", "indexed": "x", "heard": before[one]}
        knowledge.settle(connection, "me", row, values)
        readers.tell(connection, told)
        assert readers.untold(connection, 10), "whoever was last told it of the old ones"
        late = readers.untold(connection, 10)
        readers.tell(connection, late)
        assert readers.untold(connection, 10) == {}
        readers.tell(connection, late)
        assert readers.untold(connection, 10)


def test_a_source_s_readers_are_all_its_documents(database: Database) -> None:
    with database.write() as connection:
        source, ids = documents(connection)
        readers.put_all(connection, source, ["a", "b"])
        assert readers.of(connection, ids) == {id_: {"a", "b"} for id_ in ids}
        readers.put(connection, {ids[0]: frozenset({"c"})})
        readers.withdraw(connection, source, ["a"])
        assert readers.of(connection, ids) == {ids[0]: {"c"}, ids[1]: {"b"}, ids[2]: {"b"}}
