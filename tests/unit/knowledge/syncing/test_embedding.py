from sqlalchemy import update

from counterpoint.knowledge.index.port import Filter
from counterpoint.knowledge.syncing.embedding import Embedding
from counterpoint.storage import knowledge as documents
from counterpoint.storage.knowledge_tables import documents as table
from tests.knowing import CountingEmbedder, Knowing


def files_of(knowing: Knowing, count: int) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    for number in range(count):
        (files / f"{number}.txt").write_text(f"Number {number} of them.")


def by_meaning(knowing: Knowing) -> int:
    may = Filter(frozenset({knowing.everybody}))
    return len(knowing.index.by_vector((1.0, 0.0), may, 50))


def test_documents_are_found_by_word_at_once_and_by_meaning_when_there_is_a_model(knowing: Knowing) -> None:
    files_of(knowing, 3)
    row = knowing.source(path=str(knowing.folder / "files"))
    knowing.work()
    assert len(knowing.found("number")) == 3
    assert by_meaning(knowing) == 0
    knowing.embedder = CountingEmbedder()
    knowing.work()
    assert by_meaning(knowing) == 3
    assert all(each.embedded for each in knowing.documents(row).values())
    calls = knowing.embedder.calls
    knowing.synced(row)
    assert knowing.embedder.calls == calls


def test_a_model_that_is_away_keeps_nothing_from_being_found(knowing: Knowing) -> None:
    files_of(knowing, 3)
    knowing.embedder = CountingEmbedder()
    knowing.embedder.away = True
    row = knowing.source(path=str(knowing.folder / "files"))
    knowing.syncing.sync_content()
    knowing.syncing.sync_rights()
    knowing.syncing._reading().some()
    embedding = Embedding(knowing.means(), knowing.syncing._held, lambda: False)
    assert embedding.some() == 3
    assert embedding.some() == 0, "it is left alone for a while"
    assert knowing.embedder.calls == 1
    assert len(knowing.found("number")) == 3
    told = knowing.documents(row).values()
    assert {(each.state, each.holder) for each in told} == {("ready", None)}
    assert sorted(each.tries for each in told) == [0, 0, 1]
    knowing.embedder.away = False
    knowing.change_documents(lambda connection: connection.execute(update(table).values(next_at=0)))
    assert Embedding(knowing.means(), knowing.syncing._held, lambda: False).some() == 3
    assert by_meaning(knowing) == 3


def test_what_was_lost_is_read_again(knowing: Knowing) -> None:
    files_of(knowing, 1)
    row = knowing.source(path=str(knowing.folder / "files"))
    knowing.work()
    knowing.contents.forget(knowing.documents(row)["0.txt"].id)
    knowing.embedder = CountingEmbedder()
    knowing.work()
    assert by_meaning(knowing) == 1
    assert knowing.reader.seen == ["0.txt", "0.txt"]


def test_a_document_that_changes_meanwhile_is_embedded_as_it_is_then(knowing: Knowing) -> None:
    files_of(knowing, 1)
    row = knowing.source(path=str(knowing.folder / "files"))
    knowing.work()

    class Slow(CountingEmbedder):
        def passages(self, texts: object) -> list[tuple[float, float]]:
            (knowing.folder / "files" / "0.txt").write_text("Quite another text.")
            knowing.ask(row)
            knowing.syncing.sync_content()
            return [(1.0, 0.0)]

    knowing.embedder = Slow()
    Embedding(knowing.means(), knowing.syncing._held, lambda: False).some()
    assert knowing.documents(row)["0.txt"].state == documents.WAITING
    knowing.embedder = CountingEmbedder()
    knowing.work()
    assert knowing.found("quite another") == ["Quite another text."]
    assert by_meaning(knowing) == 1
