import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.knowledge.index.port import OtherDimensions
from tests.buckets import buckets
from tests.indexes import DIMENSIONS, agree_on_the_nearest, asker, document, found, vector

STAFF = asker("group:staff")
SPAWN = multiprocessing.get_context("spawn")  # Lance has threads, which a forked process would lack


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "folder":
        return str(tmp_path / "index")
    for name, value in buckets().environment.items():
        monkeypatch.setenv(name, value)
    return buckets().url()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[LanceIndex]:
    opened = LanceIndex(str(tmp_path / "index"), DIMENSIONS)
    yield opened
    opened.close()


def test_what_is_put_is_found_at_once_by_word_and_by_meaning(place: str) -> None:
    index = LanceIndex(place, DIMENSIONS)
    index.put([document("a", "chat noir", "chien blanc"), document("b", "chat gris", readers="group:board")])
    assert found(index.by_terms(["chat"], STAFF, 10)) == ["chat noir"]
    assert found(index.by_vector(vector("chat gris"), STAFF, 10)) != ["chat gris"]
    assert len(index.by_vector(vector("chat noir"), asker("group:staff", "group:board"), 10)) == 3
    index.close()


def test_what_one_writes_another_finds(place: str) -> None:
    writer, reader = LanceIndex(place, DIMENSIONS), LanceIndex(place, DIMENSIONS)
    writer.put([document("a", "one")])
    assert found(reader.by_terms(["one"], STAFF, 10)) == ["one"]
    writer.allow({"a": frozenset()})
    assert not reader.by_terms(["one"], STAFF, 10)
    assert not reader.by_vector(vector("one"), STAFF, 10)
    writer.tend()
    assert (reader.count(STAFF), reader.count()) == (0, 1)


def test_words_mean_only_themselves(index: LanceIndex) -> None:
    index.put([document("a", "Chat", "chats", "l'été", "ete", 'AND "x"', "le la the")])
    for word, right in [("Chat", "Chat"), ("l'été", "l'été"), ("AND", 'AND "x"'), ("the", "le la the")]:
        assert found(index.by_terms([word], STAFF, 10)) == [right]
    assert not index.by_terms(["chat"], STAFF, 10)
    assert not index.by_terms(["été"], STAFF, 10)


def test_a_shorter_version_leaves_nothing_of_a_longer_one(index: LanceIndex) -> None:
    index.put([document("a", *(f"common {number}" for number in range(9)))])
    for _ in range(2):
        index.put([document("a", "common word", version="2")])
        assert found(index.by_terms(["common"], STAFF, 100)) == ["common word"]
        assert index.count() == 1
        index.tend()
    index.put([document("a", version="3")])
    assert index.count() == 0


def test_a_document_without_vectors_is_found_by_word_alone_until_it_has_them(index: LanceIndex) -> None:
    index.put([document("a", "one", vectors=False)])
    assert found(index.by_terms(["one"], STAFF, 10)) == ["one"]
    assert not index.by_vector(vector("one"), STAFF, 10)
    index.put([document("a", "one")])
    assert found(index.by_vector(vector("one"), STAFF, 10)) == ["one"]


def test_vectors_of_another_model_are_told(tmp_path: Path) -> None:
    LanceIndex(str(tmp_path), DIMENSIONS).close()
    with pytest.raises(OtherDimensions, match=f"{DIMENSIONS}.*{DIMENSIONS * 2}"):
        LanceIndex(str(tmp_path), DIMENSIONS * 2)


def test_who_is_nobody_finds_nothing(index: LanceIndex) -> None:
    index.put([document("a", "one", readers="")])
    for wanted in (asker(), asker("group:staff"), asker("")):
        assert not index.by_terms(["one"], wanted, 10)
        assert not index.by_vector(vector("one"), wanted, 10)
        assert not index.passages("a", "1", wanted)
        assert index.count(wanted) == 0


def test_the_vectors_index_finds_what_comparing_all_finds(tmp_path: Path) -> None:
    """Above a size `tend` makes one; what comes, goes and is revoked later is respected by it."""
    index = LanceIndex(str(tmp_path), DIMENSIONS, brute_force=500)
    agree_on_the_nearest(index)
    made = [each.name for each in index._held.list_indices() if each.columns == ["vector"]]
    assert made == ["vector_1000"]
    index.put(
        [document(f"more{number}", *(f"more {number} {at}" for at in range(200))) for number in range(6)]
    )
    index.tend()
    made = [each.name for each in index._held.list_indices() if each.columns == ["vector"]]
    assert made == [f"vector_{index.count() - 1}"]  # twice as much: made anew; one document has no vector
    assert found(index.by_vector(vector("more 3 7"), STAFF, 1)) == ["more 3 7"]


def test_searches_are_whole_while_it_is_tended(tmp_path: Path) -> None:
    writer, reader = LanceIndex(str(tmp_path), DIMENSIONS), LanceIndex(str(tmp_path), DIMENSIONS)
    writer.put([document("d", *(f"word {n}" for n in range(20)))])

    def tend() -> None:
        for turn in range(10):
            writer.put([document(f"other{turn}", "other")])
            writer.tend()

    tending = threading.Thread(target=tend)
    tending.start()
    while tending.is_alive():
        assert len(reader.by_terms(["word"], STAFF, 50)) == 20
        assert len(reader.by_vector(vector("x"), asker("group:staff", documents=frozenset({"d"})), 50)) == 20
    tending.join()


def _write(uri: str, seed: int) -> None:
    index = LanceIndex(uri, DIMENSIONS)
    for turn in range(6):
        texts = [f"shared {seed} {turn}"] * (1 + (seed + turn) % 4)
        index.put([document("shared", *texts, version=f"{seed}-{turn}"), document(f"own-{seed}", *texts)])
        index.allow({"shared": frozenset({"group:staff", f"user:{seed}"})})
        if turn == 3:
            index.tend()


def test_several_writers_leave_every_document_whole_and_once(place: str) -> None:
    writers = [SPAWN.Process(target=_write, args=(place, seed)) for seed in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    index = LanceIndex(place, DIMENSIONS)
    hits = index.by_terms(["shared"], asker("group:staff", documents=frozenset({"shared"})), 100)
    assert len({hit.passage.version for hit in hits}) == 1
    (seed, turn) = map(int, hits[0].passage.version.split("-"))
    assert sorted(hit.passage.number for hit in hits) == list(range(1 + (seed + turn) % 4))
    assert all(index.count(asker("group:staff", documents=frozenset({f"own-{n}"}))) for n in range(2))


def _write_forever(uri: str) -> None:
    index, turn = LanceIndex(uri, DIMENSIONS), 0
    while True:
        turn += 1
        index.put(
            [document(f"d{n}", *["common"] * (1 + (turn + n) % 5), version=f"{turn}") for n in range(20)]
        )
        if turn % 5 == 0:
            index.tend()


def test_a_writer_that_is_killed_leaves_one_version_of_everything(tmp_path: Path) -> None:
    place = str(tmp_path / "index")
    for _ in range(2):
        writer = SPAWN.Process(target=_write_forever, args=(place,))
        writer.start()
        index = LanceIndex(place, DIMENSIONS)
        before, end = index.by_terms(["common"], STAFF, 1000), time.monotonic() + 60
        while index.by_terms(["common"], STAFF, 1000) == before and time.monotonic() < end:
            pass
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        passages = [hit.passage for hit in index.by_terms(["common"], STAFF, 1000)]
        assert len({passage.version for passage in passages}) == 1  # a call of put is all or nothing
        turn = int(passages[0].version)
        assert len(passages) == sum(1 + (turn + n) % 5 for n in range(20)) == index.count()
        index.put([document("d0", "common", version="again")])
        assert index.count(asker("group:staff", documents=frozenset({"d0"}))) == 1
        index.put([document("d0", "common", version=f"{turn}")])
        index.close()
