import random
from collections.abc import Iterator
from typing import Any

import pytest

from counterpoint.knowledge.contents import digest
from counterpoint.knowledge.sources.folder import FolderSource
from counterpoint.knowledge.sources.paths import LONGEST
from counterpoint.knowledge.sources.port import Item, Ruled, SourceError, Trouble
from counterpoint.knowledge.sources.settings import FolderSettings
from counterpoint.knowledge.syncing.listing import DEFECT, Listing, StoppedError, listed_of
from counterpoint.knowledge.syncing.means import Means
from counterpoint.knowledge.syncing.rights import RightsSync
from counterpoint.knowledge.syncing.state import Sync, sync_of
from counterpoint.storage import knowledge_sources as sources
from counterpoint.storage.knowledge_sources import SourceRow
from tests.knowing import Knowing


class Told:
    """A source that lists what it is told to."""

    def __init__(self, *found: Item | Trouble | Exception) -> None:
        self.found = found
        self.closed = False

    def items(self) -> Iterator[Item | Trouble]:
        for each in self.found:
            if isinstance(each, Exception):
                raise each
            yield each

    def close(self) -> None:
        self.closed = True


def look(knowing: Knowing, row: SourceRow, *found: Item | Trouble | Exception, stopped: bool = False) -> Sync:
    source = Told(*found)

    class Opening(Means, frozen=True):
        def opened(self, row: SourceRow) -> Any:
            return source

    plain = knowing.means()
    means = Opening(**{name: getattr(plain, name) for name in plain.__struct_fields__})
    try:
        return Listing(means, row, lambda: stopped).run()
    finally:
        assert source.closed


def states(knowing: Knowing, row: SourceRow) -> dict[str, str]:
    return {path: each.state for path, each in knowing.documents(row).items()}


def test_what_is_new_changed_and_gone(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")
    first = look(knowing, row, Item("a", "1"), Item("b", "1"), Item("c", "1"))
    assert (first.found, first.new, first.changed, first.gone) == (3, 3, 0, 0)
    second = look(knowing, row, Item("a", "1"), Item("b", "2"), Item("d", "1"))
    assert (second.found, second.new, second.changed, second.gone) == (3, 1, 1, 1)
    assert states(knowing, row) == {"a": "waiting", "b": "waiting", "c": "gone", "d": "waiting"}
    kept = knowing.row(row)
    assert kept is not None
    assert sync_of(kept.content) == second
    assert second.succeeded_at == second.ended_at > 0


def test_nothing_is_gone_because_a_look_failed(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")
    look(knowing, row, Item("a/1", "1"), Item("b/1", "1"), Item("c", "1"))
    failed = look(
        knowing, row, Item("c", "1"), SourceError("knowledge.source.unreachable", url="u", reason="r")
    )
    assert (failed.error, failed.values) == ("knowledge.source.unreachable", {"url": "u", "reason": "r"})
    assert failed.tries == 1
    assert "gone" not in states(knowing, row).values()
    # What could not be looked at may be there still; the rest was looked at.
    partly = look(knowing, row, Item("c", "1"), Trouble("knowledge.source.vanished", "a/"))
    assert (partly.error, partly.tries, partly.gone) == ("knowledge.source.vanished", 0, 1)
    assert states(knowing, row) == {"a/1": "waiting", "b/1": "gone", "c": "waiting"}
    look(knowing, row, Trouble("knowledge.source.vanished"))
    assert states(knowing, row)["c"] == "waiting"


def test_a_source_that_breaks_says_so_and_is_tried_again(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")
    broken = look(knowing, row, Item("a", "1"), RecursionError("too deep"))
    assert (broken.error, broken.values) == (DEFECT, {"reason": "RecursionError: too deep"})
    assert not broken.running
    assert broken.tries == 1


def test_what_a_feed_names_no_more_is_kept(knowing: Knowing) -> None:
    row = knowing.source("feed", url="https://example.com/")
    look(knowing, row, Item("a", "1"))
    look(knowing, row, Item("b", "1"))
    assert set(states(knowing, row)) == {"a", "b"}


def test_what_comes_back_is_read_again(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")
    look(knowing, row, Item("a", "1"))
    look(knowing, row)
    assert states(knowing, row) == {"a": "gone"}
    assert look(knowing, row, Item("a", "1")).new == 1
    assert states(knowing, row) == {"a": "waiting"}


def test_a_look_that_is_stopped_is_taken_up_again(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")
    with pytest.raises(StoppedError):
        look(knowing, row, Item("a", "1"), stopped=True)
    kept = knowing.row(row)
    assert kept is not None
    assert sync_of(kept.content).running


def test_a_source_that_is_going_gets_no_documents(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")

    def found() -> Iterator[Item]:
        with knowing.database.write() as connection:
            sources.take_away(connection, row.id)
        yield Item("a", "1")

    source = Told()
    source.items = found  # type: ignore[method-assign]

    class Opening(Means, frozen=True):
        def opened(self, row: SourceRow) -> Any:
            return source

    plain = knowing.means()
    means = Opening(**{name: getattr(plain, name) for name in plain.__struct_fields__})
    with pytest.raises(StoppedError):
        Listing(means, row, lambda: False).run()
    assert knowing.documents(row) == {}


def test_what_was_asked_for_meanwhile_is_not_forgotten(knowing: Knowing) -> None:
    row = knowing.source("folder", path="/x")

    class Asking(Told):
        def items(self) -> Iterator[Item | Trouble]:
            knowing.ask(row)
            yield Item("a", "1")

    source = Asking()

    class Opening(Means, frozen=True):
        def opened(self, row: SourceRow) -> Any:
            return source

    plain = knowing.means()
    means = Opening(**{name: getattr(plain, name) for name in plain.__struct_fields__})
    sync = Listing(means, row, lambda: False).run()
    assert sync.asked_at > sync.started_at


def test_new_documents_are_for_whom_the_source_is_for_or_wait_for_their_rights(knowing: Knowing) -> None:
    feed = knowing.source("feed", url="https://example.com/")
    folder = knowing.source("folder", path="/x")
    for row in (feed, folder):
        with knowing.database.write() as connection:
            sources.put_sync(connection, row.id, "rights", {})
        look(knowing, row, Item("a", "1"))
    assert knowing.readers(feed) == {"a": {knowing.everybody}}
    assert knowing.readers(folder) == {"a": set()}
    told = knowing.row(folder)
    assert told is not None
    assert told.rights["asked_at"] > 0


def test_a_new_content_is_found_only_after_the_source_was_asked_for_whom(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Harmless words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "plan.txt").write_text("Secret words of a merger.")
    (files / "plan.txt.access.toml").write_text('readers = ["alice@example.com"]')
    knowing.ask(row)
    knowing.syncing.sync_content()
    assert knowing.syncing._reading().some() == 0, "nobody has said yet who may see it"
    assert knowing.found("words") == ["Harmless words."]
    knowing.work()
    assert knowing.found("words", knowing.everybody) == []
    assert knowing.found("words", knowing.alice) == ["Secret words of a merger."]


def test_a_source_that_cannot_say_for_whom_keeps_what_was_found(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Harmless words.")
    row = knowing.source(path=str(files))
    knowing.work()
    (files / "plan.txt").write_text("Other words, and more.")
    knowing.ask(row)
    knowing.syncing.sync_content()
    files.rename(knowing.folder / "away")
    knowing.syncing.sync_rights()
    assert knowing.syncing._reading().some() == 0
    assert knowing.found("words") == ["Harmless words."]
    (knowing.folder / "away").rename(files)
    knowing.synced(row, "rights")
    assert knowing.found("words") == ["Other words, and more."]


def test_a_right_that_was_asked_for_before_a_change_says_nothing_of_it(knowing: Knowing) -> None:
    files = knowing.folder / "files"
    files.mkdir()
    (files / "plan.txt").write_text("Harmless words.")
    row = knowing.source(path=str(files))
    knowing.work()

    class Changing(FolderSource):
        """While its rights are told, it changes, and is listed."""

        def rights(self) -> Iterator[Ruled | Trouble]:
            told = list(super().rights())
            (files / "plan.txt").write_text("Secret words of a merger.")
            (files / "plan.txt.access.toml").write_text("readers = []")
            look(knowing, row, Item("plan.txt", "another"))
            yield from told

    class Opening(Means, frozen=True):
        def opened(self, row: SourceRow) -> Any:
            return Changing(FolderSettings(str(files)), None, self.bounds, lambda _: "")

    plain = knowing.means()
    means = Opening(**{name: getattr(plain, name) for name in plain.__struct_fields__})
    RightsSync(means, row, lambda: False).run()
    assert knowing.syncing._reading().some() == 0
    knowing.work()
    assert knowing.found("words") == []


def test_what_listing_fetched_is_kept(knowing: Knowing) -> None:
    listed = listed_of(Item("a", "1", data=b"text"), knowing.contents)
    assert (listed.version, listed.size) == (digest(b"text"), 4)
    assert knowing.contents.get(listed.version) == b"text"
    assert listed_of(Item("a", "1", size=9), knowing.contents).version == ""


def test_a_path_that_no_row_can_have_stops_no_other(knowing: Knowing) -> None:
    row = knowing.source("web", url="https://example.com/")
    # Of chance signs: what repeats itself is packed, and then fits an index all the same.
    signs = random.Random(7)
    longest = "".join(chr(signs.randrange(0x21, 0x7F)) for _ in range(LONGEST))
    found = look(
        knowing,
        row,
        Item("a", "1"),
        Item(longest + "x", "1"),
        Item("n\0", "1"),
        Item(longest, "1"),
        Item("z", "1"),
    )
    assert (found.error, found.tries) == ("knowledge.source.path_too_long", 0)
    assert found.values == {"path": f"{longest[:200]}…", "most": str(LONGEST)}
    assert set(states(knowing, row)) == {"a", longest, "z"}
    assert look(knowing, row, Item("a", "1"), Item("n\0", "1"), Item(longest, "1")).gone == 1


def test_a_media_type_that_is_none_is_not_kept(knowing: Knowing) -> None:
    row = knowing.source("web", url="https://example.com/")
    look(
        knowing,
        row,
        Item("a", "1", media_type="text/plain-" + "x" * 300),
        Item("b", "1", media_type="text/html"),
    )
    assert {path: each.media_type for path, each in knowing.documents(row).items()} == {
        "a": "",
        "b": "text/html",
    }
