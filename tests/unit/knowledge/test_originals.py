"""What no source gives again is known, and nothing else of what was fetched."""

from pathlib import Path

from counterpoint.knowledge.administering import NewSource
from counterpoint.knowledge.contents import digest
from counterpoint.knowledge.originals import FORGETFUL, Originals
from tests.papers import Papers


def test_uploads_are_in_it_and_folders_are_not(papers: Papers, tmp_path: Path) -> None:
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "a.txt").write_text("From a folder.")
    new = NewSource(
        name="Folder", kind="folder", settings={"path": str(tmp_path / "manual")}, readers=("all",)
    )
    papers.knowledge.sources.add(new)
    source = papers.source()
    for name, text in (("b.txt", "Uploaded."), ("c.txt", "Uploaded."), ("gone.txt", "Taken away.")):
        document = papers.upload(source, name, text)
    papers.read()
    papers.operator.delete(f"/api/v1/documents/{document}")
    originals = Originals(lambda: papers.contents)
    with papers.control.database.read() as connection:
        versions = originals.versions(connection)
    assert versions == [digest(b"Uploaded.")]
    assert originals.read(versions[0]) == b"Uploaded."
    assert originals.read(digest(b"never seen")) is None
    assert originals.keep(b"From a backup.") == digest(b"From a backup.")
    assert papers.contents.get(digest(b"From a backup.")) == b"From a backup."


def test_which_kinds_forget() -> None:
    assert set(FORGETFUL) == {"upload", "feed"}
