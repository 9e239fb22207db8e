"""What people write is understood, and told back by name."""

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import principals, rights
from tests.papers import Papers


def test_names_become_principals_and_back(papers: Papers) -> None:
    ada = papers.person("ada")
    group = papers.group("Finance")
    with papers.control.database.read() as connection:
        written = ["all", "user:ADA", f"user:{ada.id}", "group:Finance"]
        found = principals.resolved(connection, papers.organisation, written)
        assert found == [rights.everybody(papers.organisation), rights.user(ada.id), rights.group(group)]
        named = principals.named(connection, papers.organisation, [*found, "user:gone"])
    assert [(each.kind, each.name) for each in named] == [
        ("everybody", ""),
        ("group", "Finance"),
        ("user", ""),
        ("user", "ada"),
    ]


@pytest.mark.parametrize("text", ["", "user:", "user:nobody", "group:nobody", "all:another", "ada"])
def test_a_name_that_nobody_has_is_refused(papers: Papers, text: str) -> None:
    with papers.control.database.read() as connection, pytest.raises(Complaint, match="nobody here"):
        principals.resolved(connection, papers.organisation, [text])
