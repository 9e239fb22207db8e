"""What the exit codes mean, and how an error is told: one sentence on standard error, no traceback."""

import os
import sys
import traceback
from typing import Final, NoReturn

import click

from counterpoint.i18n import say
from counterpoint.i18n.complaint import Complaint, ComplaintKind

OK: Final = 0
NO: Final = 1
"""A check failed, or the answer is no."""
USAGE: Final = 2
NOT_FOUND: Final = 3
REFUSED: Final = 4
"""In conflict with what is there, or not allowed."""
UNREACHABLE: Final = 5
"""A file, the database, the platform or a provider could not be reached."""
DEFECT: Final = 70
"""Counterpoint itself failed (EX_SOFTWARE of sysexits.h)."""
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141
"""Whoever read the output stopped reading: what a shell says of a program that SIGPIPE ended."""

OF_KIND: dict[ComplaintKind, int] = {
    "invalid": USAGE,
    "not_found": NOT_FOUND,
    "conflict": REFUSED,
    "denied": REFUSED,
    "unavailable": UNREACHABLE,
    "stale": REFUSED,
}


def tell(text: str) -> None:
    """An error, on standard error."""
    head, _, rest = say("cli.error", message="\0").partition("\0")
    click.echo(click.style(head, fg="red", bold=True) + text + rest, err=True)


def leave(code: int) -> NoReturn:
    """Ends the command with that code; nothing more is printed."""
    raise click.exceptions.Exit(code)


def explain(error: Exception) -> int:
    """Tells an error and returns the exit code that it means."""
    if os.environ.get("COUNTERPOINT_DEBUG") == "1":
        traceback.print_exception(error, file=sys.stderr)
    if isinstance(error, Complaint):
        tell(error.text())
        return OF_KIND[error.kind]
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        tell(f"{where}{error.strerror or error}")
        return UNREACHABLE
    if _is_database(error):
        tell(say("cli.database_failed", reason=str(getattr(error, "orig", error)).strip().replace("\n", " ")))
        return UNREACHABLE
    tell(say("cli.defect", kind=type(error).__name__, reason=str(error) or "-"))
    return DEFECT


def _is_database(error: Exception) -> bool:
    """Whether the database failed us, if one was used: this module must not import its library to know."""
    library = sys.modules.get("sqlalchemy.exc")
    return library is not None and isinstance(error, library.OperationalError)
