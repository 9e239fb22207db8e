"""Access tokens of Google Cloud: for a service account's key, a signed-in person, or the machine itself.

https://developers.google.com/identity/protocols/oauth2/service-account#httprest and
https://cloud.google.com/docs/authentication/application-default-credentials
"""

import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from counterpoint.control.credentials.asking import ask, ask_form, lifetime_in, token_in, understood
from counterpoint.control.credentials.values import GoogleAccount, GoogleMachine, GoogleUser, Grant
from counterpoint.i18n.complaint import Complaint

CLOUD = "Google"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class _File(msgspec.Struct):
    """Google's files of credentials, as far as they are read here."""

    type: str = ""
    client_email: str = ""
    private_key: str = ""
    private_key_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


def fetch_google(source: GoogleAccount | GoogleUser | GoogleMachine, environ: Mapping[str, str]) -> Grant:
    """A token. Raises `Complaint`."""
    now = time.time()
    if isinstance(source, GoogleMachine):
        found = _file(source, environ)
        if found is None:
            return _of_the_machine(environ, now)
        source = found
    if isinstance(source, GoogleUser):
        form = {
            "grant_type": "refresh_token",
            "client_id": source.client_id,
            "client_secret": source.client_secret,
            "refresh_token": source.refresh_token,
        }
    else:
        form = {"grant_type": _JWT_BEARER, "assertion": assertion(source, now)}
    fields = ask_form(CLOUD, source.token_uri, form)
    return Grant(now + lifetime_in(fields), token_in(CLOUD, source.token_uri, fields))


def assertion(source: GoogleAccount, now: float) -> str:
    """What the account says of itself, signed (RFC 7523). Raises `Complaint` for a key that is none."""
    header = {"alg": "RS256", "typ": "JWT", "kid": source.key_id}
    claims = {
        "iss": source.email,
        "scope": source.scope,
        "aud": source.token_uri,
        "iat": int(now),
        "exp": int(now) + 3600,
    }
    text = b".".join(_part(msgspec.json.encode(part)) for part in (header, claims))
    try:
        key = serialization.load_pem_private_key(source.key.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Complaint("control.credentials.bad_key") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Complaint("control.credentials.bad_key")
    signature = key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return (text + b"." + _part(signature)).decode()


def _part(data: bytes) -> bytes:
    return urlsafe_b64encode(data).rstrip(b"=")


def _file(source: GoogleMachine, environ: Mapping[str, str]) -> GoogleAccount | GoogleUser | None:
    """The file that `GOOGLE_APPLICATION_CREDENTIALS` names, or that `gcloud` left."""
    named = environ.get("GOOGLE_APPLICATION_CREDENTIALS")
    folder = environ.get("CLOUDSDK_CONFIG") or f"{environ.get('HOME', '')}/.config/gcloud"
    path = Path(named or f"{folder}/application_default_credentials.json")
    if not named and not path.is_file():
        return None
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Complaint("control.credentials.bad_file", path=path, reason=error) from None
    if file.type == "service_account":
        return GoogleAccount(
            file.client_email, file.private_key, file.private_key_id, file.token_uri, source.scope
        )
    if file.type == "authorized_user":
        return GoogleUser(file.client_id, file.client_secret, file.refresh_token, file.token_uri)
    reason = f"type '{file.type}'"
    raise Complaint("control.credentials.bad_file", path=path, reason=reason)


def _of_the_machine(environ: Mapping[str, str], now: float) -> Grant:
    """https://cloud.google.com/compute/docs/metadata/overview"""
    host = environ.get("GCE_METADATA_HOST") or "metadata.google.internal"
    url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"
    answer = ask(CLOUD, "GET", url, {"metadata-flavor": "Google"}, seconds=5.0)
    fields = understood(CLOUD, url, answer)
    return Grant(now + lifetime_in(fields), token_in(CLOUD, url, fields))
