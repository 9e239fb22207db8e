"""What is left of an object, and how it comes back."""

from counterpoint.dialects.jsonio import Fields
from counterpoint.dialects.ollama.objects import blanks, put_back, rest, spelled


def test_what_is_left_comes_back_and_what_says_nothing_is_spelled() -> None:
    fields = Fields({"format": "", "raw": False, "images": [0], "own": 1})
    blank = blanks(fields, format="", raw=False, images=[])
    assert blank == {"format": "", "raw": False}
    kept = rest(fields, blank=blank, other=None)
    assert put_back(kept) == {"images": [0], "own": 1}
    assert (spelled(kept, "blank"), spelled(kept, "other")) == (blank, None)
    assert blanks(Fields({"raw": 0}), raw=False) is None
