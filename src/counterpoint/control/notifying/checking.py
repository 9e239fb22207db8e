"""What is wrong with who is to be told: addresses that are none, secrets that cannot be read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from counterpoint.control.config import Configuration
from counterpoint.control.schema import Fault
from counterpoint.control.schema import Path as KeyPath
from counterpoint.control.secretsources import read_secret
from counterpoint.i18n.complaint import Complaint


def faults(configuration: Configuration, folder: Path, environ: Mapping[str, str]) -> Iterator[Fault]:
    """At their places."""
    told = configuration.notifications
    for index, hook in enumerate(told.webhooks):
        place: KeyPath = ("notifications", "webhooks", index)
        if not _is_address(hook.url):
            yield Fault((*place, "url"), "control.notifying.bad_url", {"url": hook.url})
        yield from _secret((*place, "secret"), hook.secret, folder, environ)
    if told.email is not None and told.email.password is not None:
        yield from _secret(("notifications", "email", "password"), told.email.password, folder, environ)


def _secret(place: KeyPath, secret: str, folder: Path, environ: Mapping[str, str]) -> Iterator[Fault]:
    try:
        read_secret(secret, folder, environ)
    except Complaint as complaint:
        yield Fault(place, complaint.sentence, complaint.values)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # What no request can carry would be told in whole by whoever tries it.
    if any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
