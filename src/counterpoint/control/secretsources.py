"""Reads secrets from where the configuration says they are. A secret never stands in the file itself: the file
is for version control, where nothing can ever be deleted."""

from collections.abc import Mapping
from pathlib import Path

from counterpoint.control.config import Secret, SecretSource
from counterpoint.i18n.complaint import Complaint

_LARGEST = 64 * 1024


def source_of(secret: Secret) -> SecretSource:
    """Raises `Complaint` when it says neither or both of its two places, or looks like the secret itself."""
    if isinstance(secret, str):
        kind, separator, rest = secret.partition(":")
        if not separator or not rest or kind not in ("env", "file"):
            raise Complaint("control.config.plain_secret")
        return SecretSource(env=rest) if kind == "env" else SecretSource(file=rest)
    if (secret.env is None) == (secret.file is None):
        raise Complaint("control.config.secret_without_place")
    return secret


def read_secret(secret: Secret, folder: Path, environ: Mapping[str, str]) -> str:
    """The secret. `folder`: of the configuration file. Raises `Complaint`."""
    source = source_of(secret)
    if source.env is not None:
        text = environ.get(source.env, "").strip()  # what put it there may have ended it with a line's end
        if not text:
            raise Complaint("control.config.variable_missing", kind="unavailable", name=source.env)
        return text
    path = folder / Path(source.file or "").expanduser()
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        text = content.decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8"
        raise Complaint(
            "control.config.file_unreadable", kind="unavailable", path=str(path), reason=reason
        ) from None
    if not text or len(content) > _LARGEST:
        raise Complaint("control.config.file_useless", path=str(path))
    return text
