from pathlib import Path

from tests.unit.cli.conftest import Run


def test_keys_open_again_what_they_opened(run: Run, data: Path, tmp_path: Path) -> None:
    run("keys", "create", "mine")
    file = tmp_path / "b.zip"
    assert run("backup", str(file), "--with-master-key").code == 0
    refused = run("restore", str(file))
    assert refused.code == 4
    assert "--replace" in refused.err
    elsewhere = str(tmp_path / "elsewhere")
    told = run("restore", str(file), "--data", elsewhere, "--json").json
    assert told["rows"] > 3
    names = [key["name"] for key in run("keys", "list", "--data", elsewhere, "--json").json["items"]]
    assert "mine" in names
    assert (tmp_path / "elsewhere" / "master.key").read_bytes() == (data / "master.key").read_bytes()
    run("keys", "create", "later", "--data", elsewhere)
    assert run("restore", str(file), "--data", elsewhere, "--replace").code == 0
    again = [key["name"] for key in run("keys", "list", "--data", elsewhere, "--json").json["items"]]
    assert again == names


def test_uploaded_files_come_along_and_are_read_again(run: Run, tmp_path: Path) -> None:
    run("sources", "add", "Files", "upload")
    (tmp_path / "notice.txt").write_text("The notice period.")
    run("sources", "upload", "Files", "notice.txt")
    file = tmp_path / "b.zip"
    assert run("backup", str(file), "--with-master-key").code == 0
    elsewhere = tmp_path / "elsewhere"
    assert run("restore", str(file), "--data", str(elsewhere)).code == 0
    listed = run("sources", "documents", "Files", "--data", str(elsewhere), "--json").json["items"]
    assert [(item["path"], item["state"]) for item in listed] == [("notice.txt", "waiting")]
    (kept,) = (path for path in (elsewhere / "knowledge" / "contents").rglob("*") if path.is_file())
    assert kept.read_text() == "The notice period."


def test_what_is_no_backup(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK")
    assert run("restore", str(tmp_path / "x.zip")).code == 2
    assert run("restore", str(tmp_path / "absent.zip")).code == 2
