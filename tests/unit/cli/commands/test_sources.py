from pathlib import Path

import pytest

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
