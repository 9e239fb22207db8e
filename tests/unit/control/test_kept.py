"""What workers are told of answers and conversations that are kept, on every database."""

from typing import Any

import pytest

from counterpoint.control.kept import KeptAnswers
from counterpoint.kept import (
    Conversation,
    Drop,
    DropConversation,
    DropItem,
    Find,
    FindConversation,
    Follow,
    Followed,
    Found,
    FoundConversation,
    Item,
    Items,
    Keep,
    KeepConversation,
    ListItems,
    Nothing,
    Report,
    Reported,
    Stop,
    Trace,
    Trail,
)
from counterpoint.kept.values import LEASE_SECONDS
from counterpoint.storage.database import Database
from tests.unit.storage.test_kept import answer

DAY = 86_400_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(database: Database, clock: Clock) -> KeptAnswers:
    return KeptAnswers(database, 30 * 86_400, clock)


def running(id_: str, status: str = "queued") -> Any:
    return answer(id_, status=status, background=True)


def test_what_was_kept_is_found_by_its_project_and_no_other(kept: KeptAnswers) -> None:
    assert kept.answer(Keep(answer("a"))) == Reported("completed")
    found = kept.answer(Find("p", "a"))
    assert isinstance(found, Found)
    assert found.kept.id == "a"
    for question in (Find("q", "a"), Drop("q", "a"), Stop("q", "a"), Follow("q", "a"), Find("p", "b")):
        assert kept.answer(question) == Nothing()
    assert kept.answer(Trace("q", previous="a")) == Trail(missing="a")
    assert isinstance(kept.answer(Drop("p", "a")), Found)
    assert kept.answer(Find("p", "a")) == Nothing()


def test_a_conversation_is_continued_as_long_as_it_is_used(kept: KeptAnswers, clock: Clock) -> None:
    kept.answer(Keep(answer("a")))
    clock.now += 20 * DAY
    kept.answer(Keep(answer("b", previous="a")))
    clock.now += 20 * DAY
    assert kept.expire() == 0
    trail = kept.answer(Trace("p", previous="b"))
    assert isinstance(trail, Trail)
    assert [item.id for item in trail.answers] == ["a", "b"]
    clock.now += 11 * DAY
    assert kept.expire() == 2
    assert kept.answer(Trace("p", previous="b")) == Trail(missing="b")


def test_an_answer_in_the_background_goes_on_until_its_end(kept: KeptAnswers) -> None:
    kept.answer(Keep(running("a"), first=0, events=(b"0",)))
    assert kept.answer(Report("p", "a", 1, (b"1", b"2"))) == Reported("queued")
    assert kept.answer(Follow("p", "a", 1)) == Followed("queued", (b"1", b"2"))
    ended = Keep(answer("a", background=True), new=False, first=3, events=(b"3",))
    assert kept.answer(ended) == Reported("completed")
    assert kept.answer(Follow("p", "a", 3)) == Followed("completed", (b"3",))
    assert kept.answer(Report("p", "a", 4, (b"4",))) == Reported("completed")


def test_what_was_stopped_stays_so(kept: KeptAnswers) -> None:
    kept.answer(Keep(running("a")))
    found = kept.answer(Stop("p", "a"))
    assert isinstance(found, Found)
    assert found.kept.status == "cancelled"
    assert kept.answer(Report("p", "a")) == Reported("cancelled")
    assert kept.answer(Keep(answer("a", background=True), new=False)) == Reported("cancelled")
    kept.answer(Keep(answer("done", background=True)))
    done = kept.answer(Stop("p", "done"))
    assert isinstance(done, Found)
    assert done.kept.status == "completed"


def test_what_was_deleted_does_not_come_back(kept: KeptAnswers) -> None:
    kept.answer(Keep(running("a")))
    kept.answer(Drop("p", "a"))
    assert kept.answer(Report("p", "a")) == Reported("")
    assert kept.answer(Keep(answer("a", background=True), new=False)) == Reported("")
    assert kept.answer(Find("p", "a")) == Nothing()


@pytest.mark.parametrize("look", [Find("p", "a"), Follow("p", "a")])
def test_an_answer_whose_maker_died_has_failed(kept: KeptAnswers, clock: Clock, look: Any) -> None:
    kept.answer(Keep(running("a", "in_progress")))
    clock.now += int(LEASE_SECONDS * 1e6) - 1
    kept.answer(Report("p", "a"))
    clock.now += int(LEASE_SECONDS * 1e6) - 1
    assert kept.end_lapsed() == 0
    clock.now += 2
    told = kept.answer(look)
    assert isinstance(told, Found | Followed)
    assert (told.kept.status if isinstance(told, Found) else told.status) == "failed"
    assert kept.answer(Keep(answer("a", background=True), new=False)) == Reported("failed")


def test_what_a_dead_worker_made_has_failed_at_once(kept: KeptAnswers) -> None:
    kept.answer(Keep(running("a")))
    kept.answer(Keep(answer("b", background=True)))
    kept.abandon([("p", "a"), ("p", "b"), ("p", "gone")])
    states = [kept.answer(Find("p", id_)) for id_ in ("a", "b")]
    assert [item.kept.status for item in states if isinstance(item, Found)] == ["failed", "completed"]


def test_conversations_are_kept_and_grow_with_answers(kept: KeptAnswers) -> None:
    begun = Conversation(id="c", project="p", created=1)
    assert kept.answer(KeepConversation(begun, (Item("i0", b"0"),), new=True)) == FoundConversation(begun)
    kept.answer(Keep(answer("a", conversation="c"), added=(Item("i1", b"1"), Item("i2", b"2", "h"))))
    trail = kept.answer(Trace("p", conversation="c", references=("i1",)))
    assert isinstance(trail, Trail)
    assert [item.id for item in trail.items] == ["i0", "i1", "i2"]
    assert [item.id for item in trail.named_items] == ["i1"]
    page = kept.answer(ListItems("p", "c", limit=2))
    assert isinstance(page, Items)
    assert [item.id for item in page.items] == ["i2", "i1", "i0"]  # one more than asked for: there are more
    assert kept.answer(ListItems("p", "c", only="i1")) == Items((Item("i1", b"1"),))
    assert kept.answer(ListItems("p", "c", only="x")) == Items()
    assert isinstance(kept.answer(DropItem("p", "c", "i1")), FoundConversation)
    assert kept.answer(DropItem("p", "c", "i1")) == Nothing()
    renamed = Conversation(id="c", project="p", created=1, metadata=b'{"a":"b"}')
    assert kept.answer(KeepConversation(renamed)) == FoundConversation(renamed)
    assert kept.answer(KeepConversation(begun, (Item("i9", b"9"),), metadata=False)) == FoundConversation(
        renamed
    )
    for question in (
        FindConversation("q", "c"),
        ListItems("q", "c"),
        DropItem("q", "c", "i0"),
        DropConversation("q", "c"),
        KeepConversation(Conversation(id="c", project="q", created=1)),
    ):
        assert kept.answer(question) == Nothing()
    assert kept.answer(Trace("q", conversation="c")) == Trail(missing="c")
    assert kept.answer(DropConversation("p", "c")) == FoundConversation(renamed)
    assert kept.answer(FindConversation("p", "c")) == Nothing()
    kept.answer(Keep(answer("late", conversation="c"), added=(Item("i3", b"3"),)))
    assert kept.answer(ListItems("p", "c")) == Nothing()
