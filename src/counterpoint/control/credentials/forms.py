"""What a person is asked for, for each kind of credentials, and how his answers become the one text that is kept."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from counterpoint.catalog.values import HostRow
from counterpoint.control.credentials.reading import MACHINE
from counterpoint.i18n.complaint import Complaint


class Field(msgspec.Struct, frozen=True):
    """`hidden`: it is a secret. `whole`: the text of a file, and all that there is."""

    name: str
    required: bool = True
    hidden: bool = False
    whole: bool = False


class Form(msgspec.Struct, frozen=True):
    """`kind`: as in `HostRow.auth`, or `machine`."""

    kind: str
    fields: tuple[Field, ...] = ()


_ROLE = (Field("role_arn", required=False), Field("external_id", required=False))
_FORMS = {
    "header": Form("header", (Field("secret", hidden=True, whole=True),)),
    "ibm": Form("ibm", (Field("secret", hidden=True, whole=True),)),
    "google": Form("google", (Field("file", hidden=True, whole=True),)),
    "entra": Form("entra", (Field("tenant_id"), Field("client_id"), Field("client_secret", hidden=True))),
    "aws": Form(
        "aws",
        (
            Field("access_key_id"),
            Field("secret_access_key", hidden=True),
            Field("session_token", required=False, hidden=True),
            *_ROLE,
        ),
    ),
}
_MACHINES = {
    "aws": Form(MACHINE, _ROLE),
    "google": Form(MACHINE),
    "entra": Form(MACHINE, (Field("client_id", required=False),)),
}


def forms_for(row: HostRow) -> tuple[Form, ...]:
    """The ways to show who one is at a host of that row; the row's first comes first."""
    machine = next((_MACHINES[kind] for kind in row.auth if kind in _MACHINES), None)
    return (*(_FORMS[kind] for kind in row.auth), *((machine,) if machine is not None else ()))


def of_this_machine() -> str:
    """The text that stands for the machine's own identity."""
    return msgspec.json.encode({"type": MACHINE}).decode()


def found_in(row: HostRow, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Credentials that the clouds' own tools would find in the environment: the variable that says so, and the text.
    Raises `Complaint` for a file that cannot be read."""
    if "google" in row.auth and environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        path = Path(environ["GOOGLE_APPLICATION_CREDENTIALS"])
        return "GOOGLE_APPLICATION_CREDENTIALS", read_file(path)
    for kind, names in _VARIABLES.items():
        values = {field: environ.get(variable, "").strip() for field, variable in names.items()}
        needed = {field.name for field in _FORMS[kind].fields if field.required}
        if kind in row.auth and all(values[name] for name in needed):
            text = msgspec.json.encode({name: value for name, value in values.items() if value}).decode()
            return next(iter(names.values())), text
    return None


_VARIABLES = {
    "aws": {
        "access_key_id": "AWS_ACCESS_KEY_ID",
        "secret_access_key": "AWS_SECRET_ACCESS_KEY",
        "session_token": "AWS_SESSION_TOKEN",
    },
    "entra": {
        "tenant_id": "AZURE_TENANT_ID",
        "client_id": "AZURE_CLIENT_ID",
        "client_secret": "AZURE_CLIENT_SECRET",
    },
}


def read_file(path: Path) -> str:
    """The text of a file of credentials. Raises `Complaint`."""
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint("control.credentials.bad_file", path=path, reason=error) from None
