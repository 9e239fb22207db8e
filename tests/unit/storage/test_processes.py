from concurrent.futures import ThreadPoolExecutor

import msgspec

from counterpoint.storage import processes
from counterpoint.storage.database import Database
from counterpoint.storage.processes import LOST_MICROS, ProcessRow
from counterpoint.storage.shared_tables import processes as processes_table

ROW = ProcessRow(
    id="a",
    roles=("gateway",),
    host="h",
    pid=1,
    version="1",
    schema="0013",
    addresses={"gateway": "http://h:1"},
    started_at=5,
    seen_at=0,
)


def test_who_lives_is_listed_until_it_leaves(database: Database) -> None:
    other = msgspec.structs.replace(ROW, id="b", started_at=4, addresses={})
    with database.write() as connection:
        processes.sign(connection, ROW)
        processes.sign(connection, other)
        processes.sign(connection, msgspec.structs.replace(ROW, version="2"))
        listed = processes.listed(connection, living=True)
        assert [(row.id, row.version, dict(row.addresses)) for row in listed] == [
            ("b", "1", {}),
            ("a", "2", {"gateway": "http://h:1"}),
        ]
        assert processes.claim(connection, "x", "a", 60)
        assert processes.held(connection) == {"x": "a"}
        processes.leave(connection, "a")
        assert [row.id for row in processes.listed(connection)] == ["b"]
        assert processes.held(connection) == {}


def test_who_gave_no_sign_lately_is_not_among_the_living(database: Database) -> None:
    with database.write() as connection:
        processes.sign(connection, ROW)
        old = processes.clock(connection) - LOST_MICROS - 1
        connection.execute(processes_table.update().values(seen_at=old))
        assert processes.listed(connection, living=True) == []
        assert len(processes.listed(connection)) == 1


def test_of_many_that_ask_at_once_one_gets_it(database: Database) -> None:
    def ask(holder: int) -> bool:
        with database.write() as connection:
            return processes.claim(connection, "x", str(holder), 60)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(ask, range(8)))[-2:] == [False, True]
