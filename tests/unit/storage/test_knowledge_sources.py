from counterpoint.storage import knowledge, organisations
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.database import Database
from counterpoint.storage.knowledge import Listed


def test_a_source_is_added_changed_and_taken_away(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "Example").id
        other = organisations.add_organisation(connection, "Other").id
        made = sources.add(
            connection,
            organisation,
            name="b",
            kind="web",
            settings={"url": "https://example.com/"},
            readers=["all:o"],
        )
        sources.add(
            connection, organisation, name="a", kind="upload", settings={}, readers=[], content_every=60
        )
        sources.add(connection, other, name="b", kind="upload", settings={}, readers=[])
        assert [row.name for row in sources.listed(connection, organisation)] == ["a", "b"]
        assert len(sources.listed(connection)) == 3
        assert sources.by_id(connection, made.id) == made
        assert sources.by_name(connection, organisation, "b") == made
        assert sources.by_name(connection, organisation, "c") is None
        sources.change(connection, made.id, paused=True)
        sources.put_sync(connection, made.id, "content", {"asked_at": 7})
        now = sources.by_id(connection, made.id, lock=True)
        assert now is not None
        assert (now.paused, now.revision, now.content) == (True, 2, {"asked_at": 7})
        assert made.content["asked_at"] == made.rights["asked_at"] > 0


def test_a_source_ends_with_its_last_document(database: Database) -> None:
    with database.write() as connection:
        organisation = organisations.add_organisation(connection, "Example").id
        made = sources.add(connection, organisation, name="a", kind="upload", settings={}, readers=[]).id
        knowledge.see(connection, made, [Listed("x", "1")], 100)
        assert sources.changed_since(connection, 0) == []
        knowledge.lose(connection, made)
        assert sources.changed_since(connection, 0) == [organisation]
        sources.take_away(connection, made)
        assert sources.remove_emptied(connection) == []
        (row,) = knowledge.claim(connection, "remove", "me", 60.0, 10)
        knowledge.remove(connection, "me", [row.id])
        assert sources.remove_emptied(connection) == [made]
        assert sources.by_id(connection, made) is None
