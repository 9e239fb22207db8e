"""A cache mark in another dialect's request is one of this dialect's."""

from counterpoint.canonical import Text, Tool
from counterpoint.dialects.anthropic_messages.adapting.caching import with_mark
from counterpoint.dialects.anthropic_messages.names import NAME
from tests.unit.dialects.anthropic_messages.adapting.asking import asked, become, said

MARK = {"cache_control": {"type": "ephemeral"}}


def test_it_goes_through_with_texts_and_tools() -> None:
    foreign = {"openai-chat": {**MARK, "~how": 1}}
    tool = Tool("f", parameters={"type": "object"}, extensions=foreign)
    after, losses = become(asked(said("user", Text("x", extensions=foreign)), tools=(tool,)))
    assert losses == {}
    marked = [after.messages[0].parts[0], after.tools[0]]
    assert [one.extensions[NAME] for one in marked if isinstance(one, Text | Tool)] == [MARK, MARK]


def test_what_is_no_mark_stays() -> None:
    for extensions in (
        {},
        {NAME: MARK},
        {"openai-chat": {"cache_control": "yes"}},
        {"openai-chat": {"a": 1}},
    ):
        assert with_mark(extensions) is extensions
