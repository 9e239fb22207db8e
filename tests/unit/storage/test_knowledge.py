from typing import Any

import pytest
from sqlalchemy import Connection, update

from counterpoint.storage import knowledge, organisations
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import DocumentRow, Listed
from counterpoint.storage.knowledge_tables import documents
from counterpoint.storage.processes import SECOND


def source(connection: Connection, name: str = "files") -> str:
    found = organisations.find_organisation(connection, "Example")
    organisation = found or organisations.add_organisation(connection, "Example")
    return sources.add(connection, organisation.id, name=name, kind="folder", settings={}, readers=[]).id


def rows(connection: Connection, source_id: str) -> dict[str, DocumentRow]:
    gone = knowledge.listed(connection, source_id, state=knowledge.GONE)
    return {row.path: row for row in (*knowledge.listed(connection, source_id), *gone)}


def claim(connection: Connection, holder: str = "me", seconds: float = 60.0) -> list[DocumentRow]:
    return knowledge.claim(connection, "read", holder, seconds, 10)


def test_what_a_listing_brings(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        first = knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1"), Listed("b", "1")], 100)
        assert (len(first.new), first.changed) == (2, 0)
        second = knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "2", size=9)], 200)
        assert second == knowledge.Seen((), 1)
        assert {path: (row.mark, row.seen_at) for path, row in rows(connection, id_).items()} == {
            "a": ("1", 200),
            "b": ("2", 200),
        }


def test_what_changed_is_read_once_its_rights_are_said(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1")], 100, unruled=100)
        assert {row.path for row in claim(connection)} == {"a", "b"}, (
            "what is new is nobody's until then anyway"
        )
        knowledge.see(connection, id_, [Listed("a", "2")], 200, unruled=200)
        held = rows(connection, id_)
        assert knowledge.holds(connection, "me", [row.id for row in held.values()]) == {held["b"].id}
        knowledge.release(connection, "me", [row.id for row in held.values()])
        knowledge.ruled(connection, id_, 200)  # asked before it had changed
        assert {row.path for row in claim(connection)} == {"b"}
        knowledge.ruled(connection, id_, 201)
        assert {row.path for row in claim(connection)} == {"a"}


def test_content_that_was_fetched_already_says_itself_whether_it_changed(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1", version="x")], 100)
        assert knowledge.see(connection, id_, [Listed("a", "2", version="x")], 200).changed == 0
        assert knowledge.see(connection, id_, [Listed("a", "2", version="y")], 300).changed == 1
        assert rows(connection, id_)["a"].version == "y"


def test_what_was_not_seen_is_gone_and_nobody_s(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        seen = knowledge.see(
            connection, id_, [Listed(path, "1") for path in ("a", "b/1", "b/2", "b_3", "c")], 100
        )
        readers.put(connection, dict.fromkeys(seen.new, frozenset({"all:o"})))
        knowledge.see(connection, id_, [Listed("a", "1")], 200)
        assert knowledge.lose(connection, id_, 200, sparing=["b/"]) == 2
        found = rows(connection, id_)
        assert {path for path, row in found.items() if row.state == "gone"} == {"b_3", "c"}
        assert set(readers.of(connection, [row.id for row in found.values()])) == {
            found[path].id for path in ("a", "b/1", "b/2")
        }
        assert set(knowledge.paths(connection, id_)) == {"a", "b/1", "b/2"}
        back = knowledge.see(connection, id_, [Listed("c", "1")], 300)
        assert back.new == (found["c"].id,)
        assert knowledge.lose(connection, id_) == 4


def test_a_claim_is_one_s_own_until_its_time_is_over(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1")], 100)
        assert knowledge.is_due(connection, "read")
        (mine,) = claim(connection)
        assert not knowledge.is_due(connection, "read")
        assert claim(connection, "another") == []
        assert knowledge.holds(connection, "me", [mine.id]) == {mine.id}
        knowledge.renew(connection, "me", [mine.id], -1.0)
        assert knowledge.holds(connection, "me", [mine.id]) == set()
        (taken,) = claim(connection, "another")
        assert (taken.id, taken.begun) == (mine.id, 1)
        knowledge.release(connection, "me", [mine.id])  # no longer mine
        assert knowledge.holds(connection, "another", [mine.id]) == {mine.id}
        knowledge.release(connection, "another", [mine.id])
        assert rows(connection, id_)["a"].state == "waiting"
        assert (rows(connection, id_)["a"].tries, rows(connection, id_)["a"].begun) == (0, 1)
        knowledge.see(connection, id_, [Listed("a", "2")], 200)
        claim(connection, "dead")
        knowledge.release_others(connection, "me")
        assert len(claim(connection)) == 1


def test_who_failed_most_waits_longest(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1")], 100)
        (first,) = knowledge.claim(connection, "read", "me", 60.0, 1)
        knowledge.settle(connection, "me", first, {"state": "failed", "tries": 3, "next_at": 0})
        (second,) = knowledge.claim(connection, "read", "me", 60.0, 1)
        assert second.id != first.id
        knowledge.settle(connection, "me", second, {"state": "failed", "tries": 1, "next_at": 10**18})
        assert [row.id for row in claim(connection)] == [first.id]


def test_what_may_have_ended_who_read_it_comes_alone_and_ever_later(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1")], 100)
        assert len(claim(connection, "dead", -1.0)) == 2
        knowledge.see(connection, id_, [Listed("c", "1")], 100)
        assert [(row.path, row.begun) for row in claim(connection)] == [("c", 0)]
        (first,), (second,) = claim(connection), claim(connection)
        assert {(row.path, row.begun) for row in (first, second)} == {("a", 1), ("b", 1)}
        waits = []
        for _ in range(3):
            knowledge.renew(connection, "me", [first.id], -1.0)
            row = knowledge.by_id(connection, first.id)
            assert row is not None
            assert row.until is not None
            waits.append(row.next_at - row.until)
            assert claim(connection) == []  # nobody holds it, and it waits all the same
            connection.execute(update(documents).values(next_at=0))
            (again,) = claim(connection)
            assert again.id == first.id
        assert waits == sorted(waits)
        assert waits[0] > 60 * SECOND
        assert again.begun == 4


def test_a_claim_that_is_given_back_or_comes_to_something_does_not_count(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1")], 100)
        claim(connection, "dead", -1.0)
        for _ in range(5):  # as often as workers are restarted
            (mine,) = claim(connection)
            assert mine.begun == 1
            knowledge.release(connection, "me", [mine.id])
        (mine,) = claim(connection)
        knowledge.settle(connection, "me", mine, done())
        row = knowledge.by_id(connection, mine.id)
        assert row is not None
        assert (row.begun, row.next_at) == (0, 0)


@pytest.mark.parametrize("column", ["paused", "removing"])
def test_of_a_source_that_rests_nothing_is_read(database: Database, column: str) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1")], 100)
        sources.change(connection, id_, **{column: True})
        assert claim(connection) == []
        knowledge.lose(connection, id_)
        assert len(knowledge.claim(connection, "remove", "me", 60.0, 10)) == 1


def done(**more: Any) -> dict[str, Any]:
    return {"state": "ready", "version": "x", "indexed": "x", "passages": 2, "tries": 0, "next_at": 0} | more


def test_what_came_of_it_is_settled_by_its_holder(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1")], 100)
        (mine,) = claim(connection)
        assert knowledge.settle(connection, "me", mine, done())
        row = rows(connection, id_)["a"]
        assert (row.state, row.version, row.indexed, row.holder, row.tries) == ("ready", "x", "x", None, 0)
        (embedding,) = knowledge.claim(connection, "embed", "me", 60.0, 10)
        assert knowledge.settle(connection, "me", embedding, {"embedded": True})
        assert knowledge.claim(connection, "embed", "me", 60.0, 10) == []


def test_what_the_source_told_meanwhile_holds(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1")], 100)
        changed, gone = sorted(claim(connection), key=lambda row: row.path)
        knowledge.see(connection, id_, [Listed("a", "2")], 200)
        knowledge.lose(connection, id_, 200)
        for row in (changed, gone):
            assert knowledge.settle(connection, "me", row, done())
        found = rows(connection, id_)
        assert (found["a"].state, found["a"].version, found["a"].indexed) == ("waiting", "", "x")
        assert (found["b"].state, found["b"].holder) == ("gone", None)


def test_who_lost_it_has_it_read_anew(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1")], 100)
        (mine,) = claim(connection, seconds=-1.0)
        (theirs,) = claim(connection, "another")
        assert knowledge.settle(connection, "another", theirs, done())
        assert not knowledge.settle(connection, "me", mine, done(indexed="y"))
        row = rows(connection, id_)["a"]
        assert (row.state, row.indexed) == ("waiting", "")


def test_only_what_is_gone_is_removed(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        knowledge.see(connection, id_, [Listed("a", "1"), Listed("b", "1")], 100)
        knowledge.lose(connection, id_)
        claimed = knowledge.claim(connection, "remove", "me", 60.0, 10)
        knowledge.see(connection, id_, [Listed("b", "1")], 200)
        knowledge.remove(connection, "me", [row.id for row in claimed])
        assert set(rows(connection, id_)) == {"b"}


def test_what_is_counted_and_listed(database: Database) -> None:
    with database.write() as connection:
        id_ = source(connection)
        listed = [Listed(f"{name}.txt", "1", title=f"Title of 100% {name}") for name in ("a", "b", "c")]
        knowledge.see(connection, id_, listed, 100)
        (mine, *_) = sorted(claim(connection), key=lambda row: row.path)
        knowledge.settle(connection, "me", mine, done(read_at=500, embedded=True))
        assert knowledge.counts(connection, id_) == {"ready": 1, "reading": 2, "passages": 2, "embedded": 1}
        assert knowledge.read_since(connection, id_, 500) == 1
        assert knowledge.read_since(connection, id_, 501) == 0
        assert [row.path for row in knowledge.listed(connection, id_, state="reading")] == ["b.txt", "c.txt"]
        assert [row.path for row in knowledge.listed(connection, id_, words="100% B")] == ["b.txt"]
        assert [row.path for row in knowledge.listed(connection, id_, words="100_")] == []
        assert [row.path for row in knowledge.listed(connection, id_, after="a.txt", limit=1)] == ["b.txt"]
        assert knowledge.versions_in_use(connection, ["x", "y"]) == {"x"}
        assert knowledge.by_id(connection, "none") is None
        assert [row.path for row in knowledge.by_ids(connection, [mine.id, "none"])] == ["a.txt"]
        found = knowledge.by_path(connection, id_, "c.txt")
        assert found is not None
        assert found.title == "Title of 100% c"
