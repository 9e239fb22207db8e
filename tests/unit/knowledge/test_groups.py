"""Groups hold people together, and whoever asks is what he is at that moment."""

import pytest

from counterpoint.i18n.complaint import Complaint
from counterpoint.knowledge import rights
from tests.papers import Papers


def test_a_group_is_made_renamed_filled_and_removed(papers: Papers) -> None:
    groups, ada = papers.control.groups, papers.person("ada")
    made = groups.add("Finance")
    filled = groups.put_members(made.id, [ada.id], revision=made.revision)
    assert [member.login for member in filled.members] == ["ada"]
    assert groups.rename(made.id, "Money").name == "Money"
    assert groups.by_name("Money").id == made.id
    assert [view.name for view in groups.list()] == ["Money"]
    groups.remove(made.id)
    with pytest.raises(Complaint, match="no group"):
        groups.find(made.id)


def test_what_does_not_fit_is_refused(papers: Papers) -> None:
    groups = papers.control.groups
    made = groups.add("Finance")
    with pytest.raises(Complaint, match="already"):
        groups.add("Finance")
    with pytest.raises(Complaint, match="no account"):
        groups.put_members(made.id, ["nobody"])
    with pytest.raises(Complaint, match="no group"):
        groups.by_name("Nobody")
    with pytest.raises(Complaint) as caught:
        groups.rename(made.id, "Money", revision=7)
    assert caught.value.kind == "stale"


def test_whoever_asks_is_what_he_is_now(papers: Papers) -> None:
    groups, ada = papers.control.groups, papers.person("ada")
    everybody = rights.everybody(papers.organisation)
    group = papers.group("Finance", [ada])
    assert groups.asker(ada.id).principals == {rights.user(ada.id), everybody, rights.group(group)}
    groups.put_members(group, [])
    assert groups.asker(ada.id).principals == {rights.user(ada.id), everybody}
    assert groups.asker(None).principals == {everybody}
