from counterpoint.control.masterkey import new_master_key
from counterpoint.control.studiokey import STUDIO_KEY, studio_key
from counterpoint.directory.keytext import digest_of


def test_every_process_with_the_master_key_has_the_same_key_which_is_not_shown() -> None:
    one, other = new_master_key(), new_master_key()
    mine = studio_key((one,))
    assert mine == studio_key((one,))
    assert mine.text != studio_key((other,)).text
    assert mine.text not in repr(mine)
    key = mine.published("o", "p")[digest_of(mine.text)]
    assert (key.id, key.name, key.organisation, key.project) == (STUDIO_KEY, STUDIO_KEY, "o", "p")


def test_while_the_master_key_changes_both_open() -> None:
    old, new = new_master_key(), new_master_key()
    published = studio_key((new, old)).published("o", "p")
    assert {digest_of(studio_key((each,)).text) for each in (old, new)} == set(published)
