from pathlib import Path

from tests.unit.cli.conftest import Run


def test_an_installation_in_one_file_which_opens_nothing_by_itself(run: Run, tmp_path: Path) -> None:
    assert run("keys", "create", "mine", "--json").code == 0
    file = tmp_path / "b.zip"
    ran = run("backup", str(file))
    assert ran.code == 0
    assert "master key alone" in ran.err
    assert file.stat().st_mode & 0o077 == 0
    told = run("backup", str(file), "--json", "--with-master-key").json
    assert told["file"] == str(file)
    assert told["rows"] > 3
    assert told["bytes"] == file.stat().st_size
    assert "clé maîtresse" in run("backup", str(file), lang="fr").err


def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    ran = run("backup", str(tmp_path / "absent" / "b.zip"))
    assert ran.code == 5
    assert "cannot be written" in ran.err


def test_documents_whose_contents_are_lost_are_named(run: Run, data: Path, tmp_path: Path) -> None:
    run("sources", "add", "Files", "upload")
    for name in ("here.txt", "lost.txt", "withdrawn.txt"):
        (tmp_path / name).write_text(f"What {name} says.")
        run("sources", "upload", "Files", name)
    file = tmp_path / "b.zip"
    assert run("backup", str(file), "--json").json["lost"] == []
    for path in [path for path in (data / "knowledge" / "contents").rglob("*") if path.is_file()]:
        if path.read_text() != "What here.txt says.":
            path.unlink()
    run("sources", "discard", "Files", "withdrawn.txt", "--yes")
    assert run("backup", str(file), "--json").json["lost"] == ["Files: lost.txt"]
    said = run("backup", str(file))
    assert said.code == 0
    assert "(1): Files: lost.txt." in said.err
