"""What is read of what passes by."""

from counterpoint.dialects.base import Peek, Target
from tests.unit.dialects.openai_completions.bodies import DIALECT, DONE, USAGE, asked, choice, event


def test_a_stream_passes_and_is_read() -> None:
    body = event(choice(text="Hi")) + event(choice(finish_reason="stop")) + event(usage=USAGE) + DONE
    relay = DIALECT.relay(Peek("m", True, True))
    assert relay.feed(body) + relay.close() == body
    assert (relay.reading.usage.output, relay.reading.finish, relay.complete) == (4, "stop", True)


def test_bare_values_end_when_the_host_hangs_up() -> None:
    body = b'data: {"value":"Hi"}\n\n'
    relay = DIALECT.relay(Peek("m", True, True))
    assert relay.feed(body) + relay.close() == body
    assert relay.failure is None


def test_only_the_models_name_is_changed() -> None:
    body = asked(prompt=[1, 2])
    assert DIALECT.rewrite(body, DIALECT.peek(body), Target("n")) == body.replace(b'"m"', b'"n"')
