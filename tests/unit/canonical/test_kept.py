"""Answers on their way between processes."""

import msgspec

from counterpoint.canonical.kept import Conversation, Item, Kept, Trail

KEPT = Kept(
    id="r", project="p", key="k", host="h", status="completed", created=1, input=b'["secret"]', answer=b"{}"
)


def test_they_survive_the_way() -> None:
    told = Trail(answers=(KEPT,), items=(Item("i", b"\xff", "h", True),), missing="m")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told), type=Trail) == told
    conversation = Conversation(id="c", project="p", created=1)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(conversation), type=Conversation) == conversation


def test_what_was_said_is_in_no_log() -> None:
    assert "secret" not in repr(KEPT)
    assert "secret" not in repr(Trail(answers=(KEPT,)))
    assert "secret" not in repr(Item("i", b"secret"))
