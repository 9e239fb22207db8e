import os

import pytest
from sqlalchemy import update

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.outcome import CRASHED, DAMAGED
from counterpoint.knowledge.sources.port import Bounds
from counterpoint.knowledge.syncing.listing import DEFECT
from counterpoint.knowledge.syncing.means import INTERRUPTED
from counterpoint.knowledge.syncing.reading import Reading
from counterpoint.knowledge.syncing.state import SECOND, sync_of
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_tables import documents as table
from tests.knowing import Knowing


def test_a_folder_s_files_are_found_by_word(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    (files / "deep").mkdir(parents=True)
    (files / "one.txt").write_text("The marmot whistles at noon.")
    (files / "deep" / "two.txt").write_text("La marmotte dort en hiver.")
    row = knowing.source(path=str(files))
    knowing.work()
    states = {path: (each.state, each.passages, each.pages) for path, each in knowing.documents(row).items()}
    assert states == {"deep/two.txt": ("ready", 1, 0), "one.txt": ("ready", 1, 0)}
    assert knowing.found("whistling marmots") == ["The marmot whistles at noon."]
    assert knowing.found("marmotte") == ["La marmotte dort en hiver."]
    assert knowing.found("marmot", "user:nobody") == []


def test_only_what_changed_is_read_again(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    for name in ("one", "two", "three"):
        (files / f"{name}.txt").write_text(f"This is {name}.")
    row = knowing.source(path=str(files))
    knowing.work()
    assert sorted(knowing.reader.seen) == ["one.txt", "three.txt", "two.txt"]
    (files / "two.txt").write_text("This is something else.")
    os.utime(files / "three.txt", ns=(1, 1))  # touched, and the same
    (files / "one.txt").unlink()
    knowing.synced(row)
    assert knowing.reader.seen[3:] == ["two.txt"]
    assert sorted(knowing.documents(row)) == ["three.txt", "two.txt"]
    assert knowing.found("one") == []
    assert knowing.found("two something") == ["This is something else."]
    assert knowing.index.count() == 2


def test_a_bad_file_says_why_and_stops_no_other(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "bad.txt").write_text("BAD")
    (files / "crash.txt").write_text("CRASH")
    (files / "latin.txt").write_bytes(b"caf\xe9")
    (files / "good.txt").write_text("Good.")
    row = knowing.source(path=str(files))
    knowing.work()
    told = {path: (each.state, each.reason) for path, each in knowing.documents(row).items()}
    assert told == {
        "bad.txt": ("skipped", DAMAGED),
        "crash.txt": ("failed", CRASHED),
        "latin.txt": ("failed", DEFECT),
        "good.txt": ("ready", ""),
    }
    # What came to nothing by chance has three chances, each after a while.
    for _ in range(2):
        assert knowing.reader.seen.count("crash.txt") < 3
        knowing.change_documents(lambda connection: connection.execute(update(table).values(next_at=0)))
        knowing.work()
    assert knowing.documents(row)["crash.txt"].state == "skipped"


def test_what_cannot_be_read_any_more_is_not_found_as_it_was(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("An old text.")
    row = knowing.source(path=str(files))
    knowing.work()
    assert knowing.found("old")
    (files / "a.txt").write_text("BAD now, and longer")
    knowing.synced(row)
    found = knowing.documents(row)["a.txt"]
    assert (found.state, found.indexed, found.passages) == ("skipped", "", 0)
    assert knowing.found("old") == []


def test_a_worker_that_lost_its_lease_leaves_nothing_behind_that_is_not_read_again(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("First.")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    knowing.syncing.sync_rights()
    reader = knowing.reader

    class Slow:
        def parse(self, name: str, media_type: str, data: bytes) -> Parsed:
            """Meanwhile the lease ends, and another worker takes the document over."""
            (files / "a.txt").write_text("Second, quite another.")
            knowing.change_documents(lambda connection: connection.execute(update(table).values(until=1)))
            knowing.synced(row)
            parsed = reader.parse(name, media_type, data)
            assert isinstance(parsed, Parsed)
            return parsed

    slow = Knowing.means(knowing, reader=Slow())
    held = type(knowing.syncing._held)(slow)
    Reading(slow, held, lambda: False).some()
    knowing.work()
    assert knowing.documents(row)["a.txt"].state == "ready"
    assert knowing.found("first second") == ["Second, quite another."]


def test_a_change_that_is_listed_while_a_document_is_read_is_read_too(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("First.")
    row = knowing.source(path=str(files))
    knowing.work()
    held, reading = knowing.syncing._held, knowing.syncing._reading()
    knowing.change_documents(
        lambda connection: connection.execute(update(table).values(state="waiting", mark="other"))
    )
    (mine,) = knowing_claim(knowing, held.holder)
    (files / "a.txt").write_text("Second, quite another.")
    knowing.ask(row)
    knowing.syncing.sync_content()
    with knowing.database.write() as connection:
        documents.settle(connection, held.holder, mine, {"state": "ready", "version": "x", "indexed": "x"})
    assert knowing.documents(row)["a.txt"].state == "waiting"
    knowing.syncing.sync_rights()
    assert reading.some() == 1
    assert knowing.found("second") == ["Second, quite another."]


def knowing_claim(knowing: Knowing, holder: str) -> list[documents.DocumentRow]:
    with knowing.database.write() as connection:
        return documents.claim(connection, "read", holder, 60.0, 10)


@pytest.mark.parametrize("deaths", [1, 2, 12])
def test_a_document_is_read_however_often_whoever_read_it_ended(knowing: Knowing, deaths: int) -> None:
    """Who killed the worker is not known: nothing is left out for it."""
    files = knowing.folder / "files"
    files.mkdir()
    (files / "unlucky.txt").write_text("This is unlucky.")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    knowing.syncing.sync_rights()
    for _ in range(deaths):
        with knowing.database.write() as connection:
            assert len(documents.claim(connection, "read", "dead", -1.0, 10)) == 1
            documents.lapse(connection, INTERRUPTED)
        found = knowing.documents(row)["unlucky.txt"]
        assert (found.state, found.reason) in {("waiting", ""), ("failed", INTERRUPTED)}
        with knowing.database.write() as connection:
            connection.execute(update(table).values(next_at=0))
    assert (found.state == "failed") == (deaths > 1)
    knowing.work()
    found = knowing.documents(row)["unlucky.txt"]
    assert (found.state, found.reason, found.begun) == ("ready", "", 0)
    assert knowing.found("unlucky") != []


def test_the_chances_of_a_file_are_its_own(knowing: Knowing) -> None:
    """The end of a worker takes none of them: a file is left out when the child that reads it crashed three times."""
    files = knowing.folder / "files"
    files.mkdir()
    (files / "unlucky.txt").write_text("CRASH")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    knowing.syncing.sync_rights()
    for _ in range(2):
        with knowing.database.write() as connection:
            assert len(documents.claim(connection, "read", "dead", -1.0, 10)) == 1
            connection.execute(update(table).values(next_at=0))
    states = []
    for _ in range(3):
        knowing.work()
        states.append(knowing.documents(row)["unlucky.txt"].state)
        with knowing.database.write() as connection:
            connection.execute(update(table).values(next_at=0))
    assert states == ["failed", "failed", "skipped"]


@pytest.mark.parametrize("fails", [1, 2])
def test_an_index_that_takes_one_document_not_takes_the_others(knowing: Knowing, fails: int) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    for number in range(3):
        (files / f"{number}.txt").write_text(f"Number {number} of three.")
    row = knowing.source(path=str(files))
    put = knowing.index.put

    def refuse(found: list[object]) -> None:
        if any(each.passages[0].text.startswith(f"Number {fails}") for each in found):  # type: ignore[attr-defined]
            raise ValueError("it will not")
        put(found)

    knowing.index.put = refuse
    knowing.work()
    told = {path: each.state for path, each in knowing.documents(row).items()}
    assert told == {"0.txt": "ready", "1.txt": "ready", "2.txt": "ready"} | {f"{fails}.txt": "failed"}


def test_an_index_that_is_away_blames_no_document(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    for number in range(3):
        (files / f"{number}.txt").write_text(f"Number {number} of three.")
    row = knowing.source(path=str(files))
    put = knowing.index.put

    def away(found: object) -> None:
        raise ConnectionError("away")

    knowing.index.put = away
    with pytest.raises(ConnectionError):
        knowing.work()
    assert {each.state for each in knowing.documents(row).values()} == {"waiting"}
    knowing.index.put = put
    knowing.work()
    assert knowing.index.count() == 3


def test_what_the_operator_forbids_for_a_while_is_read_afterwards(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    elsewhere = Bounds(knowing.folder / "work", folders=(knowing.folder / "other",))
    assert Reading(knowing.means(bounds=elsewhere), knowing.syncing._held, lambda: False).some() == 1
    found = knowing.documents(row)["a.txt"]
    assert (found.state, found.reason) == ("failed", "knowledge.source.folder_not_allowed")
    knowing.change_documents(lambda connection: connection.execute(update(table).values(next_at=0)))
    knowing.work()
    assert knowing.found("words") == ["Some words."]


def test_what_is_too_large_is_left_alone_until_it_is_another(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    small = Bounds(knowing.folder / "work", folders=(knowing.folder,), largest=3)
    Reading(knowing.means(bounds=small), knowing.syncing._held, lambda: False).some()
    found = knowing.documents(row)["a.txt"]
    assert (found.state, found.reason) == ("skipped", "knowledge.source.too_large")


def test_a_file_that_is_replaced_after_its_rights_were_told_is_not_read_under_them(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Harmless words.")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    knowing.syncing.sync_rights()
    (files / "a.txt").write_text("Secret words, and more of them.")
    (files / "a.txt.access.toml").write_text('readers = ["alice@example.com"]')
    assert knowing.syncing._reading().some() == 1
    found = knowing.documents(row)["a.txt"]
    assert (found.state, found.reason) == ("failed", "knowledge.source.changed_meanwhile")
    assert knowing.found("words") == knowing.found("words", knowing.alice) == []
    told = knowing.row(row)
    assert told is not None
    soon = sync_of(told.content)
    assert 0 < soon.next_at - soon.started_at < 90 * SECOND, "it is listed again by itself, and soon"
    with knowing.database.write() as connection:
        sources.put_sync(connection, row.id, "content", told.content | {"next_at": soon.started_at})
    knowing.work()
    assert knowing.found("words", knowing.everybody) == []
    assert knowing.found("words", knowing.alice) == ["Secret words, and more of them."]
    assert sync_of(knowing.row(row).content).next_at == 0  # type: ignore[union-attr]
