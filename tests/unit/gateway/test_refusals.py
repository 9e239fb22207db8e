"""What the gateway says when it refuses: in the reader's language, with what to do."""

import pytest

from counterpoint.canonical import Failure
from counterpoint.gateway import refusals

MADE = [
    refusals.no_key,
    lambda lang: refusals.unknown_key(lang, shown="cp-abc"),
    lambda lang: refusals.mistyped_key(lang, shown="cp-abc"),
    lambda lang: refusals.expired_key(lang, name="mine", expires=1.0),
    lambda lang: refusals.unknown_model(lang, "m", ["near"]),
    lambda lang: refusals.unknown_model(lang, "m", []),
    lambda lang: refusals.unusable_model(lang, "m", "because"),
    lambda lang: refusals.forbidden_model(lang, "m", "mine"),
    lambda lang: refusals.unreachable_host(lang, "alpha", "reset"),
    lambda lang: refusals.silent_host(lang, "alpha", 3.0),
    lambda lang: refusals.refused_credentials(lang, "alpha", 401),
]


@pytest.mark.parametrize("make", MADE)
def test_every_refusal_is_a_sentence_in_both_languages(make: object) -> None:
    english: Failure = make("en")  # type: ignore[operator]
    french: Failure = make("fr")  # type: ignore[operator]
    assert english.message != french.message
    assert (english.kind, english.code) == (french.kind, french.code)
    for failure in (english, french):
        assert failure.message.rstrip().endswith((".", ")", "because"))
        assert "{" not in failure.message
