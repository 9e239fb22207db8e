from counterpoint.i18n.catalogue import say
from counterpoint.knowledge.parsing import outcome
from counterpoint.knowledge.parsing.outcome import UNKNOWN, Unreadable, UnreadableError


def test_an_error_carries_what_is_said_of_the_file() -> None:
    error = UnreadableError(UNKNOWN, kind="zip")
    assert error.outcome == Unreadable(UNKNOWN, {"kind": "zip"})


def test_every_reason_and_remark_can_be_said_in_both_languages() -> None:
    ids = [each for name, each in vars(outcome).items() if name.isupper()]
    assert len(ids) > 15
    for sentence in ids:
        for language in ("en", "fr"):
            assert say(sentence, lang=language, kind="zip")
