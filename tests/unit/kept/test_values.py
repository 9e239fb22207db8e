"""Questions and what comes back, as they cross the socket."""

import msgspec
import pytest

from counterpoint.kept import (
    Ask,
    Conversation,
    Drop,
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
    Tell,
    Trace,
    Trail,
)
from tests.unit.canonical.test_kept import KEPT

CONVERSATION = Conversation(id="c", project="p", created=1)


@pytest.mark.parametrize(
    "question",
    [
        Keep(KEPT, added=(Item("i", b"1"),), first=3, events=(b"e",)),
        Trace("p", "r", references=("a", "b")),
        Drop("p", "r"),
        Stop("p", "r"),
        Report("p", "r", 2, (b"e",)),
        Follow("p", "r", 2),
        KeepConversation(CONVERSATION, new=True),
        ListItems("p", "c", 5, after="i"),
    ],
)
def test_questions_arrive_as_they_were_asked(question: Ask) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(question), type=Ask) == question


@pytest.mark.parametrize(
    "told",
    [
        Found(KEPT),
        FoundConversation(CONVERSATION),
        Nothing(),
        Trail(answers=(KEPT,)),
        Reported("queued"),
        Followed("queued", (b"e",)),
        Items((Item("i", b"1"),)),
    ],
)
def test_what_comes_back_arrives_as_it_was_told(told: Tell) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=Tell) == told
