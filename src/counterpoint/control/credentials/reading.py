"""From the text that an operator enters as a provider's secret to the credential that it is.

A host's row says which kinds it takes (`HostRow.auth`). JSON is recognised by its fields: Google's files as they are
downloaded, AWS's and Microsoft's pairs under the names that their own tools use. Anything else is a plain secret.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from counterpoint.catalog.values import HostRow
from counterpoint.control.credentials.values import (
    AwsMachine,
    AwsPair,
    AwsRole,
    Credential,
    EntraApplication,
    EntraMachine,
    GoogleAccount,
    GoogleMachine,
    GoogleUser,
    IbmKey,
    Plain,
)
from counterpoint.control.vault import masked
from counterpoint.i18n.complaint import Complaint

MACHINE = "machine"
"""The `type` of a secret that stands for whatever identity this machine has."""
_CLOUD = "https://www.googleapis.com/auth/cloud-platform"


def credential_of(row: HostRow, secret: str | None, settings: Mapping[str, str]) -> Credential | None:
    """`None`: there is no secret. Raises `Complaint` when the host does not take such a one, or a part is missing."""
    if secret is None:
        return None
    text = secret.strip()
    if not text.startswith("{"):
        return IbmKey(text) if "ibm" in row.auth else Plain(secret)
    try:
        fields = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Complaint("control.credentials.not_json", reason=error) from None
    kind, credential = _read(row, fields, settings)
    if kind not in row.auth:
        known = ", ".join(row.auth)
        raise Complaint("control.credentials.not_here", host=row.display, given=kind, known=known)
    return credential


def hint_of(secret: str) -> str:
    """What a secret is recognised by: the public part of credentials that have one, else its end."""
    try:
        fields = msgspec.json.decode(secret, type=dict[str, Any]) if secret.strip().startswith("{") else {}
    except (msgspec.DecodeError, UnicodeDecodeError):
        fields = {}
    public = (fields.get(name) for name in ("client_email", "access_key_id", "client_id", "role_arn"))
    shown = next((text for text in public if isinstance(text, str) and text.isprintable() and text), "")
    return shown[:100] or (MACHINE if fields.get("type") == MACHINE else masked(secret))


def _read(row: HostRow, fields: Mapping[str, Any], settings: Mapping[str, str]) -> tuple[str, Credential]:
    kind = fields.get("type")
    region = region_of(row, settings)
    if kind == MACHINE:
        return _machine(row, fields, region)
    if kind == "service_account":
        return "google", GoogleAccount(
            _text(fields, "client_email"),
            _text(fields, "private_key"),
            _text(fields, "private_key_id", ""),
            _address(fields, "token_uri", GoogleAccount.__struct_defaults__[1]),
            row.token_scope or _CLOUD,
        )
    if kind == "authorized_user":
        return "google", GoogleUser(
            _text(fields, "client_id"), _text(fields, "client_secret"), _text(fields, "refresh_token")
        )
    if "tenant_id" in fields:
        return "entra", EntraApplication(
            _text(fields, "tenant_id"),
            _text(fields, "client_id"),
            _text(fields, "client_secret"),
            row.token_scope,
            _address(fields, "authority", EntraApplication.__struct_defaults__[0]),
        )
    if "access_key_id" in fields:
        pair = AwsPair(
            _text(fields, "access_key_id"),
            _text(fields, "secret_access_key"),
            _text(fields, "session_token", ""),
        )
        return "aws", _assuming(fields, pair, region)
    raise Complaint("control.credentials.unknown", known=", ".join(row.auth))


def region_of(row: HostRow, settings: Mapping[str, str]) -> str:
    """The region, where the row has such a setting."""
    declared = row.settings.get("region")
    return settings.get("region") or (declared.default if declared is not None else "")


def _machine(row: HostRow, fields: Mapping[str, Any], region: str) -> tuple[str, Credential]:
    clouds = [kind for kind in row.auth if kind in {"aws", "google", "entra"}]
    match clouds[:1]:
        case ["aws"]:
            return "aws", _assuming(fields, AwsMachine(region), region)
        case ["google"]:
            return "google", GoogleMachine(row.token_scope or _CLOUD)
        case ["entra"]:
            return "entra", EntraMachine(row.token_scope, _text(fields, "client_id", ""))
        case _:
            return MACHINE, Plain("")


def _assuming(fields: Mapping[str, Any], base: AwsPair | AwsMachine, region: str) -> Credential:
    role = _text(fields, "role_arn", "")
    return AwsRole(role, base, region, _text(fields, "external_id", "")) if role else base


def _text(fields: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = fields.get(name) or default
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise Complaint("control.credentials.missing", field=name)
    return value if name == "private_key" else value.strip()


def _address(fields: Mapping[str, Any], name: str, default: str) -> str:
    """Where the secret is shown: never in the clear, but on this very machine."""
    value = _text(fields, name, default).rstrip("/")
    if not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise Complaint("control.credentials.insecure", field=name, value=value)
    return value
