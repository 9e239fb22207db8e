"""What remains of an object comes back to its own dialect."""

from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.leftovers import Leftovers

ONE, OTHER = Leftovers("one"), Leftovers("other")


def test_only_its_own_dialect_puts_it_back() -> None:
    fields = Fields({"known": 1, "odd": 2, "~odd": 3})
    assert fields.integer("known") == 1
    kept = ONE.rest(fields, how="short", usual=None)
    assert ONE.put_back(kept) == {"odd": 2, "~odd": 3}
    assert (ONE.spelled(kept, "how"), ONE.spelled(kept, "usual")) == ("short", None)
    assert (OTHER.put_back(kept), OTHER.spelled(kept, "how")) == ({}, None)
    assert ONE.rest(Fields({})) == {}
