"""What a key's text looks like, so that a typing error is told apart from a key that is not valid (any more).

`cp-`, then 256 bits of chance in base 62, then a checksum in base 62. A key that an operator chose himself
has no such form, and is as good.
"""

import hashlib
import hmac
import secrets
import string
from zlib import crc32

PREFIX = "cp-"
PAIR_PREFIX = "CPAK"
_PUBLIC = string.ascii_uppercase + "234567"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BODY = 43
_CHECK = 6


def make_key() -> str:
    """A new secret."""
    body = _base62(secrets.randbits(256), _BODY)
    return PREFIX + body + _check(body)


def derived_key(secret: bytes, purpose: str) -> str:
    """The same key's text for whoever holds `secret`, another one for each purpose; it tells nothing of the secret."""
    bits = hmac.digest(secret, b"counterpoint key\0" + purpose.encode(), "sha256")
    body = _base62(int.from_bytes(bits, "big"), _BODY)
    return PREFIX + body + _check(body)


def digest_of(key: str) -> bytes:
    """Under which a key is stored and looked up. With 256 bits of chance in it, no salt or slow hash is
    needed, and comparing digests tells nobody anything about the key."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def make_pair() -> tuple[str, str]:
    """A new key pair in the form that AWS's SDKs want: a public name and a secret, neither telling of the other, nor
    of the key that they belong to."""
    name = "".join(secrets.choice(_PUBLIC) for _ in range(16))
    return PAIR_PREFIX + name, _base62(secrets.randbits(256), _BODY)


def digest_of_pair(access_key: str) -> bytes:
    """Under which a pair is looked up. The zero bytes keep it apart from every key: no header can hold one."""
    return hashlib.sha256(b"\0pair\0" + access_key.encode("utf-8", "surrogateescape")).digest()


def has_our_form(key: str) -> bool:
    """Whether it claims to be a key that `make_key` made."""
    return (
        key.startswith(PREFIX)
        and len(key) == len(PREFIX) + _BODY + _CHECK
        and all(letter in _DIGITS for letter in key[len(PREFIX) :])
    )


def is_mistyped(key: str) -> bool:
    """Whether it looks like one of our keys with letters changed, lost or added: no key ever was this one."""
    if not key.startswith(PREFIX):
        return False
    if not has_our_form(key):
        return abs(len(key) - len(PREFIX) - _BODY - _CHECK) <= 8
    body = key[len(PREFIX) : -_CHECK]
    return _check(body) != key[-_CHECK:]


def hint_of(key: str) -> str:
    """Enough to recognise a key by, far too little to use it."""
    return f"{key[:5]}…{key[-4:]}" if len(key) >= 20 else f"…{key[-2:]}"


def _check(body: str) -> str:
    return _base62(crc32(body.encode("ascii")), _CHECK)


def _base62(number: int, width: int) -> str:
    letters = []
    for _ in range(width):
        number, digit = divmod(number, 62)
        letters.append(_DIGITS[digit])
    return "".join(reversed(letters))
