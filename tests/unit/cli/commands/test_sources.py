from pathlib import Path

import pytest

from counterpoint.knowledge.syncing.state import begun, ended, row_of, sync_of
from counterpoint.storage import knowledge_sources
from counterpoint.storage.database import open_database
from tests.unit.cli.conftest import Run


def test_a_source_is_made_listed_synced_and_removed(run: Run) -> None:
    assert "no sources yet" in run("sources", "list").err
    made = run(
        "sources",
        "add",
        "Site",
        "web",
        "--set",
        "url=https://example.com",
        "--set",
        "depth=2",
        "--set",
        "include=*.html",
        "--reader",
        "all",
        "--every",
        "1d",
        "--json",
    )
    assert made.code == 0, made.err
    assert made.json["settings"] | {"exclude": []} == {
        "url": "https://example.com",
        "depth": 2,
        "most": 2000,
        "delay": 0.5,
        "include": ["*.html"],
        "exclude": [],
    }
    assert made.json["content_every"] == 86_400
    assert "waiting" in run("sources", "list").out
    assert run("sources", "sync", "Site", "--rights").code == 0
    assert "no documents" in run("sources", "documents", "Site").err
    assert run("sources", "remove", "Site", "--yes").code == 0
    assert run("sources", "sync", "Nobody").code == 3


def test_files_are_uploaded(run: Run, tmp_path: Path) -> None:
    assert run("sources", "add", "Files", "upload").code == 0
    (tmp_path / "notice.txt").write_text("The notice period.")
    assert run("sources", "upload", "Files", "notice.txt").code == 0
    listed = run("sources", "documents", "Files", "--state", "waiting", "--json").json["items"]
    assert [item["path"] for item in listed] == ["notice.txt"]


def test_an_uploaded_file_is_discarded(run: Run, tmp_path: Path) -> None:
    assert run("sources", "add", "Files", "upload").code == 0
    (tmp_path / "notice.txt").write_text("The notice period.")
    assert run("sources", "upload", "Files", "notice.txt").code == 0
    refused = run("sources", "discard", "Files", "notice.txt", "other.txt", "--yes")
    assert refused.code == 3
    assert "no document 'other.txt'" in refused.err
    assert "notice.txt" in run("sources", "documents", "Files").out
    assert run("sources", "discard", "Files", "notice.txt", "--yes").code == 0
    assert run("sources", "discard", "Files", "notice.txt", "--yes").code == 3


def test_a_secret_comes_from_a_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    place = ("sources", "add", "Code", "git", "--set", "url=https://h/r", "--secret-env", "TOKEN")
    assert "TOKEN" in run(*place).err
    monkeypatch.setenv("TOKEN", "a-secret-token")
    assert run(*place, "--json").json["secret"] is True


def test_what_is_no_setting_is_refused(run: Run) -> None:
    assert "NAME=VALUE" in run("sources", "add", "Site", "web", "--set", "url").err


def test_a_setting_that_is_wrong_is_named(run: Run) -> None:
    lacking = run("sources", "add", "Files", "folder")
    assert lacking.code == 2
    assert "needs the setting 'path'" in lacking.err
    unknown = run("sources", "add", "Files", "folder", "--set", "path=/srv", "--set", "pth=/srv")
    assert "no setting 'pth'. It has: path, include, exclude." in unknown.err
    assert "has no settings" in run("sources", "add", "Files", "upload", "--set", "path=/srv").err
    assert "demande le réglage" in run("sources", "add", "Files", "folder", lang="fr").err


def test_what_to_do_next_with_a_source_of_files_is_said(run: Run) -> None:
    assert "sources upload" in run("sources", "add", "Files", "upload").err


def test_a_state_that_there_is_not_is_refused(run: Run) -> None:
    assert run("sources", "add", "Files", "upload").code == 0
    refused = run("sources", "documents", "Files", "--state", "skiped")
    assert refused.code == 2
    assert "skipped" in refused.err


def test_a_state_is_told_in_the_language_of_who_asks(run: Run, tmp_path: Path) -> None:
    assert run("sources", "add", "Files", "upload").code == 0
    (tmp_path / "notice.txt").write_text("The notice period.")
    assert run("sources", "upload", "Files", "notice.txt").code == 0
    assert "en attente" in run("sources", "documents", "Files", lang="fr").out


def test_whoever_waits_for_a_source_that_cannot_be_reached_is_told_so(run: Run, data: Path) -> None:
    told = run("sources", "add", "Gone", "folder", "--set", "path=/nowhere/at/all", "--json")
    assert told.code == 0
    database = open_database(f"sqlite:///{data}/counterpoint.sqlite3")
    with database.write() as connection:
        for what in ("content", "rights"):
            asked = sync_of(getattr(knowledge_sources.by_id(connection, told.json["id"]), what))
            failed = ended(
                begun(asked, asked.asked_at),
                asked.asked_at + 1,
                "knowledge.source.folder_missing",
                {"path": "/nowhere/at/all"},
            )
            knowledge_sources.put_sync(connection, told.json["id"], what, row_of(failed))
    database.close()
    waited = run("sources", "wait", "Gone")
    assert waited.code == 1
    assert "Gone: The folder /nowhere/at/all is not there" in waited.err
    listed = run("sources", "list")
    assert "failed" in listed.out
    assert "is not there" not in listed.out
    assert listed.err.count("is not there") == 1
