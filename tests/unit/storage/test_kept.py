"""What is kept for clients to come back to, on every database."""

from typing import Any

from counterpoint.kept import Conversation, Item, Kept
from counterpoint.storage import kept as rows
from counterpoint.storage.database import Database


def answer(id_: str, project: str = "p", **more: Any) -> Kept:
    given: dict[str, Any] = {
        "key": "k",
        "host": "h",
        "status": "completed",
        "created": 1,
        "input": b"[]",
        "answer": b"{}",
        **more,
    }
    return Kept(id=id_, project=project, **given)


def test_an_answer_is_its_projects_alone(database: Database) -> None:
    with database.write() as connection:
        rows.put(connection, answer("a", input=b"[1]", items=("i",)), 100, None)
        rows.put(connection, answer("a", "other", input=b"[2]"), 100, None)
        rows.put(connection, answer("a", input=b"[3]", items=("i", "i", "j")), 100, None)
    with database.read() as connection:
        found = rows.find(connection, "p", "a")
        other = rows.find(connection, "other", "a")
        assert found is not None
        assert other is not None
        assert (found.input, other.input) == (b"[3]", b"[2]")
        assert rows.find(connection, "nobody", "a") is None
        assert rows.find(connection, "p", "b") is None
        named, _ = rows.named(connection, "p", ("i", "j", "x"), 1000)
        assert [item.id for item in named] == ["a"]
        assert rows.named(connection, "other", ("i",), 1000) == ([], [])
        assert rows.named(connection, "p", ("i",), 1) == ([], [])


def test_a_trail_is_told_from_its_beginning(database: Database) -> None:
    with database.write() as connection:
        for number, before in (("a", None), ("b", "a"), ("c", "b"), ("fork", "a")):
            rows.put(connection, answer(number, previous=before), 100, None)
        rows.put(connection, answer("x", "other", previous="c"), 100, None)
        assert [item.id for item in rows.trail(connection, "p", "c", 1000)[0]] == ["a", "b", "c"]
        assert [item.id for item in rows.trail(connection, "p", "fork", 1000)[0]] == ["a", "fork"]
        assert rows.trail(connection, "p", "c", 11) == ([], None, True)
        assert rows.trail(connection, "p", "nothing", 1000) == ([], "nothing", False)
        assert rows.trail(connection, "other", "x", 1000) == ([], "c", False)
        rows.prolong(connection, "p", "c", 500)
        assert rows.expire(connection, 200, 10) == 2  # the fork, and what the other project has
        assert [item.id for item in rows.trail(connection, "p", "c", 1000)[0]] == ["a", "b", "c"]
        rows.drop(connection, "p", "b")
        assert rows.trail(connection, "p", "c", 1000) == ([], "b", False)


def test_the_events_of_an_answer_are_numbered_and_kept_once(database: Database) -> None:
    with database.write() as connection:
        rows.put(connection, answer("a", status="queued", background=True), 100, 50)
        rows.add_events(connection, "p", "a", 0, (b"0", b"1"))
        rows.add_events(connection, "p", "a", 1, (b"again", b"2"))
        assert rows.events(connection, "p", "a", 0, 10) == (b"0", b"1", b"2")
        assert rows.events(connection, "p", "a", 1, 1) == (b"1",)
        assert rows.state(connection, "p", "a") == ("queued", 50)
        assert rows.find_lease(connection, "p", "a") == 50
        assert [item.id for item in rows.lapsed(connection, 51, 10)] == ["a"]
        rows.renew(connection, "p", "a", 80)
        assert rows.lapsed(connection, 51, 10) == []
        rows.put(connection, answer("a", background=True), 100, None)
        assert rows.events(connection, "p", "a", 0, 10) == (b"0", b"1", b"2")
        rows.drop(connection, "p", "a")
        assert rows.events(connection, "p", "a", 0, 10) == ()
        assert rows.state(connection, "p", "a") is None


def test_a_conversation_grows_and_is_paged(database: Database) -> None:
    with database.write() as connection:
        rows.add_conversation(connection, Conversation(id="c", project="p", created=7), 100)
        rows.add_items(connection, "p", "c", ())
        for number in range(5):
            rows.add_items(connection, "p", "c", (Item(f"i{number}", b"%d" % number, "h", True),))

        def page(after: str | None, limit: int, *, ascending: bool) -> list[str]:
            found = rows.page_of_items(connection, "p", "c", after=after, limit=limit, ascending=ascending)
            return [item.id for item in found]

        assert page(None, 2, ascending=False) == ["i4", "i3"]
        assert page("i3", 9, ascending=False) == ["i2", "i1", "i0"]
        assert page("i1", 2, ascending=True) == ["i2", "i3"]
        assert page("nowhere", 2, ascending=True) == []
        assert rows.find_item(connection, "p", "c", "i2") == Item("i2", b"2", "h", True)
        assert rows.drop_item(connection, "p", "c", "i2")
        assert not rows.drop_item(connection, "other", "c", "i3")
        assert [item.body for item in rows.items_of(connection, "p", "c", 100) or ()] == [
            b"0",
            b"1",
            b"3",
            b"4",
        ]
        assert rows.items_of(connection, "p", "c", 3) is None
        assert [item.id for item in rows.named(connection, "p", ("i1",), 100)[1]] == ["i1"]
        assert rows.change_conversation(connection, "p", "c", metadata=b'{"a":"b"}')
        assert not rows.change_conversation(connection, "other", "c", metadata=b"{}")
        found = rows.find_conversation(connection, "p", "c")
        assert found == Conversation(id="c", project="p", created=7, metadata=b'{"a":"b"}')
        assert rows.expire(connection, 101, 10) == 1
        assert rows.find_conversation(connection, "p", "c") is None
        assert rows.items_of(connection, "p", "c", 100) == []


def test_the_oldest_id_may_be_the_longest(database: Database) -> None:
    long = "resp_" + "x" * 195
    with database.write() as connection:
        rows.put(connection, answer(long, conversation=long), 100, None)
        rows.drop_conversation(connection, "p", long)
        assert rows.find(connection, "p", long) == answer(long, conversation=long)
