"""Credentials as values. None of them is ever printed: their `repr` names the kind alone."""

import msgspec


class _Kept(msgspec.Struct, frozen=True):
    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class Plain(_Kept, frozen=True):
    """Goes into a header as it is."""

    text: str


class AwsPair(_Kept, frozen=True):
    """Signs calls. `session`: what short-lived pairs come with."""

    access_key: str
    secret: str
    session: str = ""


class AwsMachine(_Kept, frozen=True):
    """The pair that AWS gives to this machine, container or pod."""

    region: str = ""


class AwsRole(_Kept, frozen=True):
    """The pair that one gets for another by assuming a role."""

    role: str
    base: AwsPair | AwsMachine
    region: str
    external_id: str = ""


class GoogleAccount(_Kept, frozen=True):
    """A service account, by its private key."""

    email: str
    key: str
    key_id: str = ""
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
    scope: str = ""


class GoogleUser(_Kept, frozen=True):
    """A person who signed in with `gcloud auth application-default login`."""

    client_id: str
    client_secret: str
    refresh_token: str
    token_uri: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address


class GoogleMachine(_Kept, frozen=True):
    """What Google's own tools would use here: a file, or the machine's service account."""

    scope: str = ""


class EntraApplication(_Kept, frozen=True):
    """An application that is registered with Microsoft Entra ID."""

    tenant: str
    client_id: str
    client_secret: str
    scope: str
    authority: str = "https://login.microsoftonline.com"


class EntraMachine(_Kept, frozen=True):
    """The managed identity of this machine, app or pod. `client_id`: of one that the user assigned."""

    scope: str
    client_id: str = ""


class IbmKey(_Kept, frozen=True):
    """An API key of IBM Cloud."""

    key: str
    authority: str = "https://iam.cloud.ibm.com"


Source = (
    AwsMachine
    | AwsRole
    | GoogleAccount
    | GoogleUser
    | GoogleMachine
    | EntraApplication
    | EntraMachine
    | IbmKey
)
"""What short-lived credentials are fetched with."""

Credential = Plain | AwsPair | Source


class Grant(_Kept, frozen=True):
    """What was given for a source: a bearer token or a pair. `expires`: epoch seconds."""

    expires: float
    token: str = ""
    pair: AwsPair | None = None
