from counterpoint.control.studiokey import STUDIO_KEY, new_studio_key
from counterpoint.directory.keytext import digest_of


def test_each_start_has_a_key_of_its_own_that_is_not_shown() -> None:
    one, other = new_studio_key(), new_studio_key()
    assert one.text != other.text
    assert one.text not in repr(one)
    key = one.published("o", "p")[digest_of(one.text)]
    assert (key.id, key.name, key.organisation, key.project) == (STUDIO_KEY, STUDIO_KEY, "o", "p")
