"""A request asks as its caller is at that moment."""

from tests.papers import Papers
from tests.unit.api.conftest import TOKEN

SEARCH = "/api/v1/search"


def test_a_program_asks_as_whoever_is_signed_in_and_no_more(papers: Papers) -> None:
    papers.person("ada")
    papers.upload(papers.source("Open", readers=["all"]), "a.txt", "The notice period is three months.")
    papers.upload(papers.source("Shut", readers=["user:ada"]), "b.txt", "The notice period is a secret.")
    papers.read()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    found = papers.operator.post(SEARCH, json={"question": "notice"}, headers=headers).json()["items"]
    assert [item["path"] for item in found] == ["a.txt"]


def test_whoever_leaves_a_group_finds_nothing_by_it(papers: Papers) -> None:
    ada = papers.person("ada")
    group = papers.group("Finance", [ada])
    papers.upload(papers.source(readers=["group:Finance"]), "a.txt", "The notice period is three months.")
    papers.read()
    assert len(ada.browser.post(SEARCH, json={"question": "notice"}).json()["items"]) == 1
    papers.control.groups.put_members(group, [])
    assert ada.browser.post(SEARCH, json={"question": "notice"}).json()["items"] == []
