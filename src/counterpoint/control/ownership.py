"""Who may change an object. Each has one declared owner: what a file or the environment declares is rewritten
from there at every start, so changing it anywhere else would not last, and is refused."""

from counterpoint.i18n.complaint import Complaint

STUDIO = "studio"
FILE = "file"
ENVIRONMENT = "environment"


def refuse_if_declared(owner: str, kind: str, name: str) -> None:
    """Raises `Complaint` when the object belongs to the file or the environment."""
    if owner == FILE:
        raise Complaint(f"control.declared_in_file.{kind}", kind="conflict", name=name)
    if owner == ENVIRONMENT:
        raise Complaint(f"control.declared_in_environment.{kind}", kind="conflict", name=name)


def refuse_if_undeclared(owner: str, kind: str, name: str) -> None:
    """Raises `Complaint` when a declaration would take over an object that was made in the studio."""
    if owner == STUDIO:
        raise Complaint(f"control.made_in_studio.{kind}", kind="conflict", name=name)
