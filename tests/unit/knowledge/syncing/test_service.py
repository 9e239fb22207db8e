import time

from counterpoint.knowledge.syncing.service import Syncing
from counterpoint.knowledge.syncing.state import sync_of
from counterpoint.storage import knowledge_sources as sources
from tests.knowing import CountingEmbedder, Knowing


def test_threads_do_all_of_it_and_stop_at_once(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    for number in range(30):
        (files / f"{number}.txt").write_text(f"Number {number} of them.")
    (files / "bad.txt").write_text("BAD")
    knowing.embedder = CountingEmbedder()
    row = knowing.source(path=str(files))
    several = [Syncing(knowing.means()) for _ in range(1 if knowing.database.is_sqlite else 2)]
    for syncing in several:
        syncing.start()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = knowing.documents(row).values()
        if sum(each.embedded for each in told) == 30 and sum(each.state == "skipped" for each in told) == 1:
            break
        time.sleep(0.05)
    began = time.monotonic()
    for syncing in several:
        syncing.stop()
    assert time.monotonic() - began < 10
    assert len(knowing.found("number")) == 30
    assert knowing.index.count() == 30
    assert sorted(knowing.reader.seen) == sorted(each.path for each in told)


def test_a_source_that_is_paused_is_left_alone(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    with knowing.database.write() as connection:
        sources.change(connection, row.id, paused=True)
    knowing.work()
    assert knowing.documents(row) == {}
    with knowing.database.write() as connection:
        sources.change(connection, row.id, paused=False)
    knowing.work()
    assert knowing.found("words")


def test_a_schedule_is_kept(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "a.txt").write_text("Some words.")
    assert not knowing.syncing.work_once()
    with knowing.database.write() as connection:
        sources.change(connection, row.id, content_every=60)
        told = sources.by_id(connection, row.id)
        assert told is not None
        earlier = {name: value - 61_000_000 for name, value in told.content.items() if name.endswith("_at")}
        sources.put_sync(connection, row.id, "content", {**told.content, **earlier})
    knowing.work()
    assert knowing.found("words")


def test_what_a_dead_worker_began_is_done_again(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.work()
    with knowing.database.write() as connection:
        told = sources.by_id(connection, row.id)
        assert told is not None
        sources.put_sync(connection, row.id, "content", {**told.content, "ended_at": 0})
    (files / "b.txt").write_text("More words.")
    knowing.work()
    assert len(knowing.found("words")) == 2
    after = knowing.row(row)
    assert after is not None
    assert not sync_of(after.content).running


def test_indexes_are_tended(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "a.txt").write_text("Some words.")
    knowing.source(path=str(files))
    knowing.work()
    tended: list[int] = []
    knowing.index.tend = lambda: tended.append(1)
    knowing.syncing.tend()
    assert tended == [], "not before its time"
    knowing.syncing._tended = 0.0
    knowing.syncing.tend()
    assert tended == [1]
