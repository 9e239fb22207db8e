import pytest

from counterpoint.control.ownership import (
    ENVIRONMENT,
    FILE,
    STUDIO,
    refuse_if_declared,
    refuse_if_undeclared,
)
from counterpoint.i18n.complaint import Complaint


def test_only_the_declared_owner_changes_an_object() -> None:
    refuse_if_declared(STUDIO, "key", "ci")
    refuse_if_undeclared(FILE, "key", "ci")
    with pytest.raises(Complaint, match="configuration file"):
        refuse_if_declared(FILE, "key", "ci")
    with pytest.raises(Complaint, match="environment"):
        refuse_if_declared(ENVIRONMENT, "key", "ci")
    with pytest.raises(Complaint, match="one owner") as caught:
        refuse_if_undeclared(STUDIO, "provider", "groq")
    assert caught.value.kind == "conflict"
