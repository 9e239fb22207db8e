"""What an operator declares of who is told when a budget runs low: the schema, as values, and what is wrong with it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(min_length=1)]
Port = Annotated[int, Meta(ge=1, le=65535)]


class WebhookSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address that is told by `POST`. `secret`: where the secret is that messages are signed with (`env:NAME`,
    `file:PATH`)."""

    url: Text
    secret: Text


class EmailSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A server that takes mail. `security`: `starttls`, `tls` from the first byte, or `none`. `user`, `password`: if
    it asks for them; the latter is said as a secret is. `sender`: the address in `From`. `to`: whom it goes to."""

    host: Text
    port: Port = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Text | None = None
    sender: Text
    to: tuple[Text, ...]


class NotificationsSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is told. `allow_private`: whether addresses of private networks may be called. `language`: of mails."""

    webhooks: tuple[WebhookSection, ...] = ()
    email: EmailSection | None = None
    allow_private: bool = False
    language: Literal["en", "fr"] = "en"
