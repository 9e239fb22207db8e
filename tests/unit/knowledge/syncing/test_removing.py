from datetime import UTC, datetime, timedelta

from counterpoint.knowledge.contents import digest
from counterpoint.knowledge.syncing import removing
from counterpoint.storage import knowledge as documents
from counterpoint.storage import knowledge_sources as sources
from tests.knowing import Knowing


def test_a_source_is_taken_away_with_all_that_was_of_it(knowing: Knowing) -> None:
    for name in ("one", "two"):
        files = knowing.folder / name
        files.mkdir()
        (files / "a.txt").write_text(f"Words of {name}.")
    one, two = (knowing.source(name=name, path=str(knowing.folder / name)) for name in ("one", "two"))
    knowing.work()
    gone = knowing.documents(one)["a.txt"]
    with knowing.database.write() as connection:
        documents.lose(connection, one.id)
        sources.take_away(connection, one.id)
    assert knowing.readers(one) == {"a.txt": set()}, "nobody may see it from that moment on"
    knowing.work()
    assert knowing.row(one) is None
    assert knowing.found("words") == ["Words of two."]
    assert knowing.index.count() == 1
    assert knowing.contents.get_parsed(gone.id, gone.indexed) is None
    assert knowing.row(two) is not None


def test_what_comes_back_while_it_is_removed_is_found_again(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "a.txt").rename(knowing.folder / "a.txt")
    knowing.ask(row)
    knowing.syncing.sync_content()
    remove = knowing.index.remove

    def meanwhile(ids: object) -> None:
        remove(ids)
        (knowing.folder / "a.txt").rename(files / "a.txt")
        knowing.ask(row)
        knowing.syncing.sync_content()

    knowing.index.remove = meanwhile
    knowing.syncing.remove()
    knowing.work()
    assert knowing.documents(row)["a.txt"].state == "ready"
    assert knowing.found("words") == ["Some words."]


def test_bytes_that_no_document_refers_to_are_swept_away(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Old words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "a.txt").write_text("New words, and more.")
    knowing.synced(row)
    assert removing.sweep(knowing.means()) == 0, "what is new may be on its way"

    def in_use(versions: object) -> set[str]:
        with knowing.database.read() as connection:
            return documents.versions_in_use(connection, versions)  # type: ignore[arg-type]

    assert knowing.contents.sweep(in_use, datetime.now(UTC) + timedelta(hours=2)) == 1
    assert knowing.contents.get(digest(b"Old words.")) is None
    assert knowing.contents.get(digest(b"New words, and more.")) is not None
