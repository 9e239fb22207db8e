"""Work in the background is done for whatever installation this is."""

from pathlib import Path

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.app.worker_role import duties_of
from counterpoint.storage import kept as rows
from counterpoint.storage.clock import now_micros
from tests.unit.storage.test_kept import answer


def test_what_is_old_or_orphaned_is_seen_to(tmp_path: Path) -> None:
    with open_control(Settings(data=tmp_path)) as control:
        with control.database.write() as connection:
            rows.put(connection, answer("old"), now_micros() - 1, None)
            rows.put(connection, answer("orphan", status="queued", background=True), now_micros() * 2, 1)
        duties = {duty.name: duty for duty in duties_of(control)}
        assert {"tidying", "discovery"} <= set(duties)
        duties["tidying"].work()
        with control.database.read() as connection:
            assert rows.find(connection, "p", "old") is None
            orphan = rows.find(connection, "p", "orphan")
        assert orphan is not None
        assert orphan.status == "failed"
