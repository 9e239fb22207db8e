"""The way out for answers that nobody reads."""

from counterpoint.gateway.shadows import Nowhere


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
