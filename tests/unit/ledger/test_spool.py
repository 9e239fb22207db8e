import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from counterpoint.ledger import Entry
from counterpoint.ledger.reader import read_batch, spool_files, writer_is_gone
from counterpoint.ledger.spool import SpoolWriter
from tests.entries import make_entry


def entries_in(directory: Path) -> list[Entry]:
    return [entry for path in spool_files(directory) for entry in read_batch(path, 0, 10**6).entries]


def test_what_is_appended_can_be_read_at_once(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0")
    entries = [make_entry(requested=f"m{number}") for number in range(3)]
    for entry in entries:
        writer.append(entry)
    assert entries_in(tmp_path) == entries


def test_spools_are_private(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path / "spool", "w0")
    assert writer.path.stat().st_mode & 0o077 == 0
    assert writer.path.parent.stat().st_mode & 0o077 == 0


def test_a_new_file_begins_when_the_old_one_is_full(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0", max_bytes=400)
    entries = [make_entry() for _ in range(10)]
    for entry in entries:
        writer.append(entry)
    files = spool_files(tmp_path)
    assert len(files) > 2
    assert [writer_is_gone(path) for path in files] == [True] * (len(files) - 1) + [False]
    assert entries_in(tmp_path) == entries


def test_a_new_file_begins_when_the_old_one_is_old(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0", max_age=0.0)
    writer.append(make_entry())
    writer.append(make_entry())
    assert len(spool_files(tmp_path)) == 3
    assert len(entries_in(tmp_path)) == 2


def test_appending_after_close_goes_on_in_a_new_file(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0", sync=True)
    writer.append(make_entry())
    writer.close()
    writer.append(make_entry())
    assert len(entries_in(tmp_path)) == 2


def test_half_a_write_is_made_good_in_a_fresh_file(tmp_path: Path) -> None:
    """A limit on the file's size makes the kernel take only part of a record, as a full disk would."""
    script = """
import resource, signal, sys
from counterpoint.ledger import Entry
from counterpoint.ledger.spool import SpoolWriter
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
writer = SpoolWriter(sys.argv[1], "w0")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
for number in range(40):
    writer.append(Entry(id=str(number), at=number, operation="chat", client_dialect="d"))
"""
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=60)
    assert len(spool_files(tmp_path)) > 1
    assert [entry.id for entry in entries_in(tmp_path)] == [str(number) for number in range(40)]


def test_a_full_disk_is_reported_not_hidden(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "w0")
    writer.close()
    writer._fd = os.open("/dev/full", os.O_WRONLY)
    writer._ends = float("inf")
    with pytest.raises(OSError, match="No space left"):
        writer.append(make_entry())
    writer.append(make_entry())
    assert len(entries_in(tmp_path)) == 1


def test_every_acknowledged_entry_survives_a_kill(tmp_path: Path) -> None:
    script = """
import sys
from counterpoint.ledger import Entry
from counterpoint.ledger.spool import SpoolWriter
writer = SpoolWriter(sys.argv[1], "w0", max_bytes=20_000)
number = 0
while True:
    writer.append(Entry(id=str(number), at=number, operation="chat", client_dialect="d"))
    print(number, flush=True)
    number += 1
"""
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    seen = [int(writer.stdout.readline()) for _ in range(2000)]
    writer.send_signal(signal.SIGKILL)
    seen += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.wait(timeout=30)
    writer.stdout.close()
    found = [int(entry.id) for entry in entries_in(tmp_path)]
    assert found == list(range(len(found)))
    assert found[-1] >= seen[-1]
    assert all(writer_is_gone(path) for path in spool_files(tmp_path))


@pytest.mark.parametrize("name", ["", "a/b", ".hidden", "nul\0"])
def test_a_worker_id_must_be_usable_in_a_file_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="file name"):
        SpoolWriter(tmp_path, name)


def test_an_unusable_directory_is_reported_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        SpoolWriter(tmp_path / "file", "w0")


def test_the_writer_needs_little() -> None:
    """It runs in the data plane: no database, no framework."""
    script = """
import sys
import counterpoint.ledger.spool
print(*[name for name in ("sqlalchemy", "pydantic", "asyncio", "rich", "click") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == ""
