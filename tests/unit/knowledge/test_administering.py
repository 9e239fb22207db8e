"""Sources are made, changed and taken away, and what changes of their readers holds at once."""

from pathlib import Path

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge.administering import OWNER_KIND, SECRET, NewSource, SourceChange
from counterpoint.storage.audit import log
from counterpoint.storage.audit.acting import Act, Actor, acting
from tests.papers import Papers


def test_a_source_is_made_and_changed(papers: Papers) -> None:
    sources = papers.knowledge.sources
    made = sources.add(NewSource(name="Code", kind="git", settings={"url": "https://h/r"}), secret="a-token")
    assert made.row.settings["branch"] == ""
    assert made.row.secret is not None
    changed = sources.change(
        made.row.id, SourceChange(name="Sources", readers=("all",), paused=True), revision=made.row.revision
    )
    assert (changed.row.name, changed.row.paused) == ("Sources", True)
    assert [reader.kind for reader in changed.readers] == ["everybody"]
    assert sources.by_name("Sources").row.id == made.row.id
    with papers.control.database.read() as connection:
        assert papers.control.vault.get(connection, OWNER_KIND, made.row.id, SECRET) == "a-token"


def test_what_does_not_fit_is_refused(papers: Papers) -> None:
    sources = papers.knowledge.sources
    made = sources.add(NewSource(name="Site", kind="web", settings={"url": "https://example.com"}))
    with pytest.raises(Complaint, match="already"):
        sources.add(NewSource(name="Site", kind="upload"))
    with pytest.raises(Complaint, match="cannot be read"):
        sources.add(NewSource(name="Other", kind="web", settings={"url": "https://h/", "depth": "deep"}))
    with pytest.raises(Complaint, match="needs the setting 'url'"):
        sources.add(NewSource(name="Other", kind="web", settings={"depth": 2}))
    with pytest.raises(Complaint, match="no kind"):
        sources.add(NewSource(name="Other", kind="ftp"))
    with pytest.raises(Complaint, match="nobody here"):
        sources.add(NewSource(name="Other", kind="upload", readers=("group:Nobody",)))
    with pytest.raises(Complaint, match="fetches its documents itself"):
        sources.put_file(made.row.id, "a.txt", b"x", papers.control.groups.asker(None))
    with pytest.raises(Complaint) as caught:
        sources.change(made.row.id, SourceChange(paused=True), revision=9)
    assert caught.value.kind == "stale"


def test_other_readers_hold_at_once(papers: Papers) -> None:
    ada, source = papers.person("ada"), papers.source(readers=["all"])
    document = papers.upload(source, "a.txt", "The notice period is three months.")
    papers.read()
    assert ada.browser.get(f"/api/v1/documents/{document}").status_code == 200
    papers.knowledge.sources.change(source, SourceChange(readers=()))
    assert ada.browser.get(f"/api/v1/documents/{document}").status_code == 404
    papers.knowledge.sources.change(source, SourceChange(readers=("user:ada",)))
    assert ada.browser.get(f"/api/v1/documents/{document}").status_code == 200


def test_a_removed_source_is_gone_at_once_and_its_documents_are_taken_away(papers: Papers) -> None:
    source = papers.source(readers=["all"])
    document = papers.upload(source, "a.txt", "The notice period is three months.")
    papers.read()
    papers.knowledge.sources.remove(source)
    assert papers.operator.get(f"/api/v1/documents/{document}").status_code == 404
    papers.read()
    assert papers.knowledge.sources.list() == []
    assert papers.index.count() == 0


def test_an_uploaded_file_is_taken_away_and_can_be_brought_again(papers: Papers) -> None:
    source, asker = papers.source(readers=["all"]), papers.control.groups.asker(None)
    ada = papers.person("ada")
    text = "The notice period is three months."
    document, other = papers.upload(source, "a.txt", text), papers.upload(source, "b.txt", "Other words.")
    papers.read()
    assert ada.browser.delete(f"/api/v1/documents/{document}").status_code == 403
    assert papers.operator.delete(f"/api/v1/documents/{document}").status_code == 204
    assert ada.browser.get(f"/api/v1/documents/{document}").status_code == 404
    found = ada.browser.post("/api/v1/search", json={"question": "notice period"}).json()
    assert found["items"] == []
    papers.read()
    listed = papers.knowledge.sources.documents(source, asker)
    assert [view.row.id for view in listed.items] == [other]
    with pytest.raises(Complaint, match=r"no document \'a\.txt\'"):
        papers.knowledge.sources.file(source, "a.txt", asker)
    papers.upload(source, "a.txt", text)
    papers.read()
    assert len(ada.browser.post("/api/v1/search", json={"question": "notice period"}).json()["items"]) == 1


def test_what_a_source_fetches_itself_is_taken_away_there(papers: Papers, tmp_path: Path) -> None:
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "a.txt").write_text("The notice period is three months.")
    new = NewSource(
        name="Folder", kind="folder", settings={"path": str(tmp_path / "manual")}, readers=("all",)
    )
    made = papers.knowledge.sources.add(new)
    papers.read()
    document = papers.knowledge.sources.file(made.row.id, "a.txt", papers.control.groups.asker(None))
    answer = papers.operator.delete(f"/api/v1/documents/{document.row.id}")
    assert answer.status_code == 409
    assert "would fetch this one again" in answer.text
    assert papers.operator.delete("/api/v1/documents/01a00000-0000-7000-8000-000000000000").status_code == 404


def test_a_sync_is_asked_for(papers: Papers) -> None:
    source = papers.source()
    papers.read()
    assert papers.knowledge.sources.find(source).content.running is False
    before = papers.knowledge.sources.find(source).content.started_at
    papers.knowledge.sources.sync(source, "content")
    papers.read()
    assert papers.knowledge.sources.find(source).content.started_at > before


@pytest.mark.parametrize(
    ("name", "path"), [("a.txt", "a.txt"), ("/x/../a b.txt", "x/a b.txt"), ("c:\\d\\e.txt", "c:/d/e.txt")]
)
def test_an_upload_is_called_as_its_person_calls_it(papers: Papers, name: str, path: str) -> None:
    asker = papers.control.groups.asker(None)
    view = papers.knowledge.sources.put_file(papers.source(), name, b"x", asker)
    assert view.row.path == path


@pytest.mark.parametrize("name", ["..", "/", "a\nb"])
def test_a_name_that_leads_elsewhere_is_refused(papers: Papers, name: str) -> None:
    with pytest.raises(Complaint, match="cannot be the name"):
        papers.knowledge.sources.put_file(papers.source(), name, b"x", papers.control.groups.asker(None))


def test_documents_come_in_pages(papers: Papers) -> None:
    source, asker = papers.source(readers=["all"]), papers.control.groups.asker(None)
    for number in range(3):
        papers.upload(source, f"{number}.txt", f"Text {number}")
    first = papers.knowledge.sources.documents(source, asker, limit=2)
    rest = papers.knowledge.sources.documents(source, asker, limit=2, cursor=first.next)
    assert [view.row.path for view in (*first.items, *rest.items)] == ["0.txt", "1.txt", "2.txt"]
    assert rest.next is None
    assert all(view.may_read for view in first.items)


def test_an_upload_whose_name_is_too_long_is_refused(papers: Papers) -> None:
    """By its bytes, which count in an index."""
    source = papers.source()
    names = {"\u5b57" * 990: 422, "\u5b57" * 660: 201}
    for name, status in names.items():
        answer = papers.operator.post(f"/api/v1/sources/{source}/files", params={"name": name}, content=b"x")
        assert answer.status_code == status
        if status == 422:
            assert "2000" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("kind", "here", "same", "there"),
    [
        ("git", {"url": "https://h/r"}, {"url": "https://H:443/other"}, {"url": "https://evil/r"}),
        ("git", {"url": "https://h/r"}, {"url": "/srv/r"}, {"url": "http://h/r"}),
        ("git", {"url": "/srv/r"}, {"url": "file:///srv/other"}, {"url": "https://evil/r"}),
        (
            "bucket",
            {"bucket": "b"},
            {"bucket": "c", "region": "x"},
            {"bucket": "b", "endpoint": "https://evil"},
        ),
    ],
)
def test_a_secret_goes_to_no_other_site(
    papers: Papers, kind: str, here: dict[str, str], same: dict[str, str], there: dict[str, str]
) -> None:
    sources = papers.knowledge.sources
    made = sources.add(NewSource(name="Code", kind=kind, settings=here), secret="a-token")
    id_ = made.row.id
    with pytest.raises(Complaint, match="Enter it again"):
        sources.change(id_, SourceChange(settings=there))
    assert sources.find(id_).row.settings.items() >= here.items()
    sources.change(id_, SourceChange(settings=same))
    with pytest.raises(Complaint, match="Enter it again"):
        sources.change(id_, SourceChange(settings=there))
    changed = sources.change(id_, SourceChange(settings=there), secret="another")
    assert changed.row.settings.items() >= there.items()
    public = sources.add(NewSource(name="Public", kind=kind, settings=here))
    sources.change(public.row.id, SourceChange(settings=there))


def test_a_source_that_is_taken_away_takes_no_files(papers: Papers) -> None:
    source = papers.source(readers=["all"])
    papers.knowledge.sources.remove(source)
    with pytest.raises(Complaint, match="takes no more files") as caught:
        papers.knowledge.sources.put_file(source, "a.txt", b"x", papers.control.groups.asker(None))
    assert caught.value.kind == "conflict"
    papers.read()
    assert papers.knowledge.sources.list() == []


def test_who_brings_or_takes_a_file_is_in_the_audit_log_with_the_file(papers: Papers) -> None:
    sources, asker = papers.knowledge.sources, papers.control.groups.asker(None)
    source = papers.source(readers=["all"])
    with acting(Act(Actor("command", name="ada"), "counterpoint sources upload")):
        for content in (b"One month.", b"One month.", b"Two months."):
            document = sources.put_file(source, "notice.txt", content, asker).row.id
        sources.remove_file(document)
    with papers.control.database.read() as connection:
        found = log.page(
            connection, log.AuditFilter(organisation=papers.organisation, words="notice.txt"), limit=9
        )
    told = [(entry.actor["name"], change) for entry in reversed(found) for change in entry.changes]
    assert [(name, change.what, change.id, change.name) for name, change in told] == [
        ("ada", "document", document, "notice.txt")
    ] * 3
    sizes = [
        tuple(
            None if side is None else (side["source"], side["size"]) for side in (change.before, change.after)
        )
        for _, change in told
    ]
    one, two = ("Handbook", 10), ("Handbook", 11)
    assert sizes == [(None, one), (one, two), (two, None)]
