"""What remains of an object comes back to its own dialect."""

from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.leftovers import Leftovers, answer_losses

ONE, OTHER = Leftovers("one"), Leftovers("other")


def test_only_its_own_dialect_puts_it_back() -> None:
    fields = Fields({"known": 1, "odd": 2, "~odd": 3})
    assert fields.integer("known") == 1
    kept = ONE.rest(fields, how="short", usual=None)
    assert ONE.put_back(kept) == {"odd": 2, "~odd": 3}
    assert (ONE.spelled(kept, "how"), ONE.spelled(kept, "usual")) == ("short", None)
    assert (OTHER.put_back(kept), OTHER.spelled(kept, "how")) == ({}, None)
    assert ONE.rest(Fields({})) == {}


def test_extra_fields_of_an_answer_are_worth_little_elsewhere() -> None:
    kept = {"one": {"refusal": "no", "timing": 1, "none": None, "~how": 2}}
    assert [(loss.code, loss.path, loss.severity) for loss in answer_losses(kept, "other", "choices[0]")] == [
        ("field.refusal", "choices[0].refusal", "meaning"),
        ("field.timing", "choices[0].timing", "cosmetic"),
    ]
    assert list(answer_losses(kept, "one", "")) == []
