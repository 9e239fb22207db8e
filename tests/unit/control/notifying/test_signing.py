import hmac
from base64 import b64encode

from counterpoint.control.notifying.signing import key_of, signed_headers


def test_a_message_is_signed_as_the_specification_has_it() -> None:
    """The example of https://github.com/standard-webhooks/standard-webhooks: id, time and body, joined by points."""
    secret = "whsec_" + b64encode(b"a secret of some length").decode()
    headers = signed_headers(secret, "msg_1", 1_614_265_330, b'{"test": 1}')
    mac = hmac.digest(b"a secret of some length", b'msg_1.1614265330.{"test": 1}', "sha256")
    assert headers == {
        "webhook-id": "msg_1",
        "webhook-timestamp": "1614265330",
        "webhook-signature": f"v1,{b64encode(mac).decode()}",
    }


def test_any_text_may_be_a_secret() -> None:
    assert key_of("plain") == b"plain"
    assert key_of("whsec_%%%") == b"whsec_%%%"
