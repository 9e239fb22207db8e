"""Calls whose answers nobody reads."""

from counterpoint.gateway.routing.plan import Plan, Step
from counterpoint.gateway.shadows import Nowhere, shadow_of
from tests.unit.gateway.conversation import KEY, NAMES, chat, lead


def test_it_is_the_same_call_to_another_one_and_says_whose_it_is() -> None:
    call = lead(chat("gpt-x")).call
    first, other = NAMES.resolve("both", "chat", ("openai-chat",)).candidates
    shadow, side = shadow_of(call, KEY, Plan((Step(first),), ("both",), route="r"), other)
    assert (shadow.body, shadow.id != call.id) == (call.body, True)
    assert (side.purpose, side.parent, side.plan.route) == ("shadow", call.id, "r")
    assert [step.candidate for step in side.plan.steps] == [other]


def test_it_is_among_the_others_until_its_answer_has_ended() -> None:
    others: set[Nowhere] = set()
    for end in (
        lambda outlet: outlet.respond(200, (), b""),
        lambda outlet: outlet.finish(b""),
        lambda outlet: outlet.abort(),
    ):
        outlet = Nowhere(others)
        outlet.begin(200, ())
        outlet.send(b"x")
        assert others == {outlet}
        end(outlet)  # type: ignore[no-untyped-call]
        assert not others
