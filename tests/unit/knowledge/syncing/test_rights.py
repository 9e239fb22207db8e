import os
from pathlib import Path

import pytest
from sqlalchemy import update

from counterpoint.knowledge import rights
from counterpoint.knowledge.syncing.rights import People, tell_index
from counterpoint.knowledge.syncing.state import sync_of
from counterpoint.storage import groups
from counterpoint.storage import knowledge_readers as readers
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_tables import documents
from tests.knowing import Knowing


def test_names_become_principals_or_nobody(knowing: Knowing) -> None:
    with knowing.database.read() as connection:
        people = People(connection, knowing.organisation)
    told = ("Alice@Example.com ", "Finance", "everybody", "finance", "carol@example.com", "", "all", "*")
    assert people.principals(told) == {knowing.alice, knowing.finance, knowing.everybody}
    assert people.principals(["Everybody"]) == frozenset()


def test_a_source_s_rules_hold_and_what_it_does_not_rule_is_for_its_readers(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    (files / "secret").mkdir(parents=True)
    (files / "open.txt").write_text("Open words.")
    (files / "secret" / "plan.txt").write_text("Secret words.")
    (files / "secret" / "access.toml").write_text(
        '[[rule]]\nfiles = "*"\nreaders = ["alice@example.com", "Nobody"]'
    )
    row = knowing.source(path=str(files))
    knowing.work()
    assert knowing.readers(row) == {"open.txt": {knowing.everybody}, "secret/plan.txt": {knowing.alice}}
    assert knowing.found("words", knowing.bob, knowing.everybody) == ["Open words."]
    assert sorted(knowing.found("words", knowing.alice, knowing.everybody)) == [
        "Open words.",
        "Secret words.",
    ]


def test_a_right_that_is_withdrawn_is_gone_from_rows_and_index(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    (files / "access.toml").write_text('[[rule]]\nfiles = "*"\nreaders = ["alice@example.com", "Finance"]')
    row = knowing.source(path=str(files))
    knowing.work()
    read = list(knowing.reader.seen)
    (files / "access.toml").write_text('[[rule]]\nfiles = "*"\nreaders = ["Finance"]')
    allow = knowing.index.allow
    heard: list[dict[str, frozenset[str]]] = []
    knowing.index.allow = heard.append  # it has not heard of it yet
    knowing.ask(row, "rights")
    knowing.syncing.sync_rights()
    assert knowing.readers(row) == {"plan.txt": {knowing.finance}}
    assert heard == [{knowing.documents(row)["plan.txt"].id: frozenset({knowing.finance})}]
    knowing.index.allow = allow
    knowing.synced(row, "rights")
    (files / "access.toml").write_text("[[rule")
    knowing.synced(row, "rights")
    assert knowing.found("words", knowing.finance, knowing.alice, knowing.everybody) == []
    told = knowing.row(row)
    assert told is not None
    sync = sync_of(told.rights)
    assert (sync.error, sync.changed, sync.tries) == ("knowledge.source.access_broken", 1, 0)
    assert knowing.reader.seen == read, "rights are synced without reading anything"


def test_an_index_that_did_not_hear_of_a_change_hears_of_it_later(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "access.toml").write_text('[[rule]]\nfiles = "*"\nreaders = ["Finance"]')
    knowing.ask(row, "rights")
    allow = knowing.index.allow

    def away(_: object) -> None:
        raise ConnectionError("away")

    knowing.index.allow = away
    try:
        knowing.syncing.sync_rights()
    except ConnectionError:
        knowing.index.allow = allow
    assert knowing.found("words", knowing.everybody)
    assert tell_index(knowing.means()) == 1
    assert knowing.found("words", knowing.everybody) == []
    assert knowing.found("words", knowing.finance) == ["Some words."]
    assert tell_index(knowing.means()) == 0


def test_a_source_that_knows_no_rights_is_for_its_readers(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"Some words.")
    knowing.work()
    with knowing.database.write() as connection:
        sources.change(connection, row.id, readers=[knowing.bob])
    knowing.synced(row, "rights")
    assert knowing.readers(row) == {"a.txt": {knowing.bob}}
    assert knowing.found("words", knowing.bob) == ["Some words."]
    assert knowing.found("words", knowing.everybody) == []


def test_a_source_that_cannot_be_asked_keeps_the_rights_it_told_last(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.work()
    files.rename(knowing.folder / "away")
    knowing.synced(row, "rights")
    assert knowing.readers(row) == {"plan.txt": {knowing.everybody}}
    told = knowing.row(row)
    assert told is not None
    assert sync_of(told.rights).error == "knowledge.source.folder_missing"


def test_a_group_that_is_made_later_counts_from_the_next_sync(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    (files / "access.toml").write_text('[[rule]]\nfiles = "*"\nreaders = ["Board"]')
    row = knowing.source(path=str(files))
    knowing.work()
    assert knowing.readers(row) == {"plan.txt": set()}
    with knowing.database.write() as connection:
        board = rights.group(groups.add(connection, knowing.organisation, "Board").id)
    knowing.synced(row, "rights")
    assert knowing.readers(row) == {"plan.txt": {board}}


def test_whoever_becomes_a_reader_while_a_document_is_indexed_finds_it(knowing: Knowing) -> None:
    row = knowing.source("upload")
    knowing.upload(row, "a.txt", b"Some words.")
    knowing.work()
    knowing.upload(row, "a.txt", b"Other words.")
    document = knowing.documents(row)["a.txt"].id
    put, heard = knowing.index.put, []

    def slow(found: object) -> None:
        """Its old readers are known here; the index hears of the new ones first, and that is noted last."""
        knowing.index.put = put
        with knowing.database.write() as connection:
            readers.put(connection, {document: frozenset({knowing.alice, knowing.bob})})
        with knowing.database.read() as connection:
            heard.append(readers.untold(connection, 10))
        knowing.index.allow({document: frozenset({knowing.alice, knowing.bob})})
        put(found)

    knowing.index.put = slow
    knowing.syncing._reading().some()
    with knowing.database.write() as connection:
        readers.tell(connection, heard[0])
    knowing.work()
    assert knowing.found("words", knowing.bob) == ["Other words."]
    assert knowing.found("words", knowing.everybody) == []


def test_one_broken_thing_keeps_no_other_right_from_being_withdrawn(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    (files / "hr").mkdir(parents=True)
    (files / "hr" / "pay.txt").write_text("Some words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "hr" / "access.toml").write_text('[[rule]]\nfiles = "*"\nreaders = []')
    (files / "team" / Path(*["d"] * 300)).mkdir(parents=True)
    (files / "team" / "access.toml").write_text("a = " + "[" * 100_000)
    knowing.synced(row, "rights")
    assert knowing.found("words") == []


def rule(folder: Path, *readers: str) -> None:
    told = ", ".join(f'"{reader}"' for reader in readers)
    (folder / "access.toml").write_text(f'[[rule]]\nfiles = "*"\nreaders = [{told}]\n')


@pytest.mark.parametrize("listed", [False, True])
def test_who_may_see_what_is_new_may_not_see_what_was_before(knowing: Knowing, listed: bool) -> None:
    """A file is replaced by a harmless one and opened to all. What is still found is the one before."""
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Secret words.")
    rule(files, "alice@example.com", "Finance")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "plan.txt").write_text("Harmless words for all.")
    rule(files, "everybody")
    if listed:
        knowing.ask(row)
        knowing.syncing.sync_content()
    knowing.ask(row, "rights")
    knowing.syncing.sync_rights()
    assert knowing.found("words", knowing.bob, knowing.everybody) == []
    assert knowing.found("words", knowing.alice) == ["Secret words."]
    assert knowing.readers(row) == {"plan.txt": {knowing.alice, knowing.finance}}
    rule(files, "Finance", "bob@example.com")
    knowing.ask(row, "rights")
    knowing.syncing.sync_rights()
    assert knowing.readers(row) == {"plan.txt": {knowing.finance}}, "what is withdrawn waits for nothing"
    rule(files, "everybody")
    knowing.synced(row)
    assert knowing.readers(row) == {"plan.txt": {knowing.everybody}}
    assert knowing.found("words", knowing.everybody) == ["Harmless words for all."]


def test_a_file_that_was_only_touched_gets_its_rights_too(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    rule(files, "Finance")
    row = knowing.source(path=str(files))
    knowing.work()
    os.utime(files / "plan.txt", ns=(1, 1))
    rule(files, "everybody")
    knowing.synced(row)
    assert knowing.readers(row) == {"plan.txt": {knowing.everybody}}
    assert knowing.found("words", knowing.everybody) == ["Some words."]
    assert sync_of(knowing.row(row).rights).error == ""  # type: ignore[union-attr]


def test_a_share_that_numbers_its_files_anew_withholds_nothing(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Some words.")
    rule(files, "Finance")
    row = knowing.source(path=str(files))
    knowing.syncing.sync_content()
    knowing.change_documents(
        lambda connection: connection.execute(update(documents).values(mark=documents.c.mark + "0"))
    )
    knowing.work()
    rule(files, "everybody")
    knowing.synced(row, "rights")
    assert knowing.readers(row) == {"plan.txt": {knowing.everybody}}
    assert knowing.found("words", knowing.everybody) == ["Some words."]
