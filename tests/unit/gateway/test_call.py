"""Where clients put their key."""

import pytest

from counterpoint.gateway.call import presented_key


@pytest.mark.parametrize(
    ("headers", "key"),
    [
        ({b"authorization": b"Bearer abc"}, b"abc"),
        ({b"authorization": b"bearer  abc "}, b"abc"),
        ({b"x-api-key": b"abc"}, b"abc"),
        ({b"api-key": b"abc"}, b"abc"),
        ({b"authorization": b"Bearer abc", b"x-api-key": b"other"}, b"abc"),
        ({b"authorization": b"Basic abc", b"x-api-key": b"other"}, b"other"),
        ({b"authorization": b"Bearer "}, None),
        ({}, None),
    ],
)
def test_the_key_is_found_wherever_an_sdk_puts_it(headers: dict[bytes, bytes], key: bytes | None) -> None:
    assert presented_key(headers) == key
