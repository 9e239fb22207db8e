import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select
from sqlalchemy.exc import OperationalError

from counterpoint.control.shipper import Shipper
from counterpoint.ledger.frames import frame
from counterpoint.ledger.reader import spool_files
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.storage import ledger
from counterpoint.storage.database import Database
from counterpoint.storage.tables import ledger_entries, spool_progress
from tests.entries import make_entry


def stored(database: Database) -> list[str]:
    with database.read() as connection:
        return sorted(connection.execute(select(ledger_entries.c.id)).scalars())


def append(writer: SpoolWriter, count: int) -> list[str]:
    entries = [make_entry() for _ in range(count)]
    for entry in entries:
        writer.append(entry)
    return [entry.id for entry in entries]


def wait_for(condition: Callable[[], bool]) -> None:
    reached = threading.Event()
    for _ in range(600):
        if condition():
            return
        reached.wait(0.05)
    raise AssertionError("it never came")


def test_entries_arrive_once_and_the_file_goes_when_its_writer_has(
    database: Database, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    writer = SpoolWriter(spool, "w0")
    shipper = Shipper(database, spool, batch_size=3)
    ids = append(writer, 10)
    assert shipper.flush() == 10
    assert shipper.flush() == 0
    ids += append(writer, 1)
    assert shipper.flush() == 1
    assert stored(database) == ids
    assert len(spool_files(spool)) == 1
    writer.close()
    assert shipper.flush() == 0
    assert spool_files(spool) == []
    with database.read() as connection:
        assert ledger.progress(connection) == {}
    assert shipper.state.shipped == 11
    assert shipper.state.pending_bytes == 0


def test_whoever_watches_is_told_when_entries_came(database: Database, tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    shipper = Shipper(database, tmp_path / "spool", interval=0.01)
    told = threading.Event()
    shipper.start()
    with shipper.watched(told.set):
        ids = append(writer, 1)
        assert told.wait(30)
    assert stored(database) == ids
    told.clear()
    append(writer, 1)
    wait_for(lambda: shipper.state.shipped == 2)
    shipper.stop()
    assert not told.is_set()


def test_a_new_shipper_goes_on_where_the_old_one_stopped(database: Database, tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    ids = append(writer, 4)
    Shipper(database, tmp_path / "spool").flush()
    ids += append(writer, 4)
    assert Shipper(database, tmp_path / "spool").flush() == 4
    assert stored(database) == ids


def test_several_workers_are_served(database: Database, tmp_path: Path) -> None:
    writers = [SpoolWriter(tmp_path / "spool", f"w{number}", max_bytes=700) for number in range(3)]
    ids = [entry for _ in range(5) for writer in writers for entry in append(writer, 2)]
    Shipper(database, tmp_path / "spool").flush()
    assert stored(database) == sorted(ids)
    assert len(spool_files(tmp_path / "spool")) == 3


def test_half_a_record_at_the_end_is_waited_for_then_given_up(database: Database, tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    ids = append(writer, 2)
    with writer.path.open("ab") as file:
        file.write(frame(make_entry())[:-3])
    shipper = Shipper(database, tmp_path / "spool")
    assert shipper.flush() == 2
    assert shipper.state.pending_bytes > 0
    assert shipper.state.torn == 0
    writer.close()
    assert shipper.flush() == 0
    assert stored(database) == ids
    assert shipper.state.torn == 1
    assert os.listdir(tmp_path / "spool") == []


def test_a_damaged_file_is_kept_aside_and_stops_nobody(database: Database, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    writer = SpoolWriter(spool, "w0")
    ids = append(writer, 2)
    with writer.path.open("ab") as file:
        file.write(b"\x04\0\0\0 not ours")
    writer.close()
    other = SpoolWriter(spool, "w1")
    ids += append(other, 1)
    shipper = Shipper(database, spool)
    assert shipper.flush() == 3
    assert shipper.flush() == 0
    assert stored(database) == ids
    assert shipper.state.damaged == 1
    assert len(list(spool.glob("*.damaged"))) == 1


def test_two_shippers_of_one_directory_ship_each_entry_once(database: Database, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    writer = SpoolWriter(spool, "w0")
    first, second = Shipper(database, spool), Shipper(database, spool)
    assert (first.flush(), second.flush()) == (0, 0)
    ids = append(writer, 3)
    assert first.flush() == 3
    assert second.flush() == 0
    ids += append(writer, 2)
    assert second.flush() == 2
    writer.close()
    first.flush()
    second.flush()
    assert first.flush() == second.flush() == 0
    assert stored(database) == ids


class Outage:
    """Makes the database fail at the n-th statement from now on, counted from 1; 0: never."""

    def __init__(self, database: Database) -> None:
        self.countdown = 0
        event.listen(database.engine, "before_cursor_execute", self._before)

    def _before(self, *_: object) -> None:
        if self.countdown:
            self.countdown -= 1
            if not self.countdown:
                raise OperationalError("away", {}, Exception("the database is away"))


@pytest.fixture
def outage(database: Database) -> Outage:
    return Outage(database)


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_outage_at_any_statement_loses_and_doubles_nothing(
    database: Database, outage: Outage, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    spool = tmp_path_factory.mktemp("spool")
    outage.countdown = 0
    with database.write() as connection:
        connection.execute(delete(ledger_entries))
        connection.execute(delete(spool_progress))
    writer = SpoolWriter(spool, "w0", max_bytes=data.draw(st.sampled_from([300, 10_000])))
    shipper = Shipper(database, spool, batch_size=2)
    ids: list[str] = []
    for _ in range(data.draw(st.integers(1, 4))):
        ids += append(writer, data.draw(st.integers(0, 5)))
        outage.countdown = data.draw(st.integers(0, 14))
        try:
            shipper.flush()
        except OperationalError:
            assert "away" in str(shipper.state.error)
        if data.draw(st.booleans()):
            shipper = Shipper(database, spool, batch_size=2)
    outage.countdown = 0
    writer.close()
    shipper.flush()
    assert stored(database) == ids
    assert spool_files(spool) == []
    assert shipper.state.error is None


def test_an_outage_is_counted_and_ends_by_itself(database: Database, outage: Outage, tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    outage.countdown = 1
    ids = append(writer, 3)
    shipper = Shipper(database, tmp_path / "spool", interval=0.01)
    shipper.start()
    wait_for(lambda: shipper.state.shipped == 3)
    ids += append(writer, 2)
    shipper.stop()
    assert stored(database) == ids
    assert shipper.state.failing_since is None


def test_failing_is_told(database: Database, outage: Outage, tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    append(writer, 1)
    shipper = Shipper(database, tmp_path / "spool")
    outage.countdown = 1
    with pytest.raises(OperationalError):
        shipper.flush()
    since = shipper.state.failing_since
    outage.countdown = 1
    with pytest.raises(OperationalError):
        shipper.flush()
    assert since is not None
    assert shipper.state.failing_since == since
    assert "the database is away" in str(shipper.state.error)


WRITING = """
import sys
from counterpoint.ledger import Entry
from counterpoint.ledger.spool import SpoolWriter
from counterpoint.canonical.ids import new_id
writer = SpoolWriter(sys.argv[1], "w0", max_bytes=8000)
for number in range(int(sys.argv[2])):
    entry = Entry(id=new_id(), at=number, operation="chat", client_dialect="d")
    writer.append(entry)
    print(entry.id)
"""
SHIPPING = """
import sys
from pathlib import Path
from counterpoint.control.shipper import Shipper
from counterpoint.storage.database import open_database
shipper = Shipper(open_database(sys.argv[1]), Path(sys.argv[2]), batch_size=7)
print("ready", flush=True)
while True:
    shipper.flush()
"""


def test_killed_shippers_ship_every_entry_exactly_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    ids: list[str] = []
    for number in range(4):
        written = subprocess.run(
            [sys.executable, "-c", WRITING, str(spool), "300"],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        ids += written.stdout.split()
        shipping = subprocess.Popen(
            [sys.executable, "-c", SHIPPING, database_url, str(spool)], stdout=subprocess.PIPE, text=True
        )
        assert shipping.stdout is not None
        assert shipping.stdout.readline() == "ready\n"
        before, target = len(stored(database)), 40 + number * 61
        wait_for(lambda: len(stored(database)) >= min(before + target, len(ids)))  # noqa: B023 - called at once
        shipping.send_signal(signal.SIGKILL)
        shipping.wait(timeout=30)
        shipping.stdout.close()
    Shipper(database, spool).flush()
    assert stored(database) == ids
    assert spool_files(spool) == []


def test_whoever_is_told_of_entries_and_fails_at_it_holds_no_entry_up(
    database: Database, tmp_path: Path
) -> None:
    def fail(_: object) -> None:
        raise KeyError("a defect elsewhere")

    writer = SpoolWriter(tmp_path / "spool", "w0")
    shipper = Shipper(database, tmp_path / "spool", interval=0.01)
    seen: list[int] = []
    shipper.told += [fail, lambda entries: seen.append(len(entries))]
    shipper.start()
    try:
        ids = append(writer, 1)
        wait_for(lambda: stored(database) == ids)
        ids += append(writer, 1)
        wait_for(lambda: stored(database) == ids)
    finally:
        shipper.stop()
        writer.close()
    assert sum(seen) == 2
