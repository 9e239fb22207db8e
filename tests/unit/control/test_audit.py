import io
import json
from pathlib import Path

import pytest
from sqlalchemy import text

from counterpoint.control.audit import (
    AnchorFile,
    Audit,
    AuditQuery,
    note_quietly,
    read_anchor_file,
    verify_file,
)
from counterpoint.i18n.complaint import Complaint
from counterpoint.storage import settings
from counterpoint.storage.audit.acting import Act, Actor
from counterpoint.storage.database import Database
from counterpoint.storage.organisations import add_organisation

ACT = Act(Actor("command", "0", "root"), "counterpoint backup", "host")


@pytest.fixture
def audit(database: Database, tmp_path: Path) -> Audit:
    anchor = tmp_path / "elsewhere" / "anchors"
    database.anchor = AnchorFile(anchor)
    with database.write() as connection:
        organisation = add_organisation(connection, "acme").id
    return Audit(database, organisation, anchor)


def test_an_export_is_checked_without_a_database(audit: Audit, database: Database, tmp_path: Path) -> None:
    for number in range(5):
        with database.write() as connection:
            settings.put(connection, "zone", number)
    audit.note(ACT)
    out = io.BytesIO()
    assert audit.export(AuditQuery(), out) == 7
    lines = out.getvalue().splitlines()
    anchor = tmp_path / "elsewhere" / "anchors"
    whole = verify_file(lines, anchor)
    assert (whole.broken, whole.entries, whole.anchors) == (None, 7, 7)
    cut = verify_file(lines[:-2], anchor).broken
    assert cut is not None
    assert (cut.fault, cut.sequence) == ("cut", 7)
    entry = json.loads(lines[2])
    entry["changes"][0]["after"] = {"value": "forged"}
    altered = verify_file([*lines[:2], json.dumps(entry).encode(), *lines[3:]]).broken
    assert altered is not None
    assert (altered.fault, altered.sequence, altered.line) == ("altered", 3, 3)


def test_an_owner_of_the_database_who_writes_history_anew_is_seen(audit: Audit, database: Database) -> None:
    audit.note(ACT)
    assert audit.verify().broken is None
    with database.engine.begin() as connection:
        off = (
            "DROP TRIGGER audit_entries_no_delete"
            if database.is_sqlite
            else "ALTER TABLE audit_entries DISABLE TRIGGER ALL"
        )
        connection.execute(text(off))
        connection.execute(text("DELETE FROM audit_entries WHERE sequence = 2"))
    broken = audit.verify().broken
    assert broken is not None
    assert broken.fault == "cut"


def test_pages_have_cursors_of_their_own(audit: Audit) -> None:
    for _ in range(3):
        audit.note(ACT)
    page = audit.entries(AuditQuery(), limit=2)
    assert [entry.sequence for entry in page.items] == [4, 3]
    assert [entry.sequence for entry in audit.entries(AuditQuery(), cursor=page.next).items] == [2, 1]
    for cursor in ("x", "", page.next or "" + "x"):
        if cursor != page.next:
            with pytest.raises(Complaint):
                audit.entries(AuditQuery(), cursor=cursor)
    assert audit.entry(1).changes[0].what == "organisation"
    with pytest.raises(Complaint, match="99"):
        audit.entry(99)


def test_acts_go_on_where_an_anchor_or_the_log_cannot_be_written(
    audit: Audit, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    database.anchor = AnchorFile(tmp_path / "file" / "anchors")
    audit.note(ACT)
    assert "anchor" in caplog.text
    with database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_heads RENAME TO gone"))
    note_quietly(audit, ACT, "done")
    assert "counterpoint backup by root from host" in caplog.text


def test_an_anchor_file_that_is_none_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("what is this\n")
    for path in (tmp_path / "a", tmp_path / "absent"):
        with pytest.raises(Complaint, match=path.name):
            read_anchor_file(path)
