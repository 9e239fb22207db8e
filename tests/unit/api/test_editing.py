import pytest

from counterpoint.api.editing import Unconditional, edited, tag_of
from counterpoint.i18n.complaint import Complaint


def test_an_edit_names_what_it_edits() -> None:
    assert edited(tag_of(7)["ETag"]) == 7
    assert edited(" * ") is None
    with pytest.raises(Unconditional):
        edited(None)
    for tag in ('W/"7"', "7", '"x"', '"99999999999"', ""):
        with pytest.raises(Complaint) as caught:
            edited(tag)
        assert caught.value.kind == "stale"
