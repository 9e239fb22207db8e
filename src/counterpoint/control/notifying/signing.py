"""How a message is signed, so that whoever gets it knows that it is ours and not an old one: as *Standard Webhooks*
has it (https://www.standardwebhooks.com), which libraries of many languages check."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error

_PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The bytes that sign: of `whsec_…` what follows, else the text itself."""
    if secret.startswith(_PREFIX):
        try:
            return b64decode(secret.removeprefix(_PREFIX), validate=True)
        except Error:
            return secret.encode()
    return secret.encode()


def signed_headers(secret: str, message_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """What is sent with the body. `seconds`: since the epoch."""
    content = f"{message_id}.{seconds}.".encode() + body
    signature = b64encode(hmac.digest(key_of(secret), content, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }
