from typing import Any

from tests.papers import Papers

TEXT = "The notice period is three months."


def test_a_question_finds_what_the_asker_may_see(papers: Papers) -> None:
    ada, bob = papers.person("ada"), papers.person("bob")
    papers.upload(papers.source(readers=["user:ada"]), "notice.txt", TEXT)
    papers.read()
    (item,) = ada.browser.post("/api/v1/search", json={"question": "notice"}).json()["items"]
    assert (item["text"], item["source_name"]) == (TEXT, "Handbook")
    assert [TEXT[each["start"] : each["end"]] for each in item["highlights"]] == ["notice"]
    assert bob.browser.post("/api/v1/search", json={"question": "notice"}).json() == {
        "items": [],
        "by_meaning": False,
    }
    assert bob.browser.get("/api/v1/search/filters").json()["sources"] == []


def test_a_question_is_no_act(papers: Papers) -> None:
    ada = papers.person("ada")
    before = papers.operator.get("/api/v1/audit?limit=1").json()["items"][0]["sequence"]
    assert ada.browser.post("/api/v1/search", json={"question": "notice"}).status_code == 200
    assert ada.browser.post("/api/v1/answers", json={"question": "notice"}).status_code == 201
    assert papers.operator.get("/api/v1/audit?limit=1").json()["items"][0]["sequence"] == before


def test_how_it_was_found_is_for_makers(papers: Papers) -> None:
    papers.upload(papers.source(readers=["all"]), "notice.txt", TEXT)
    papers.read()
    trace = papers.person("mark", "maker").browser.post("/api/v1/search/trace", json={"question": "notice"})
    assert [each["word_rank"] for each in trace.json()["candidates"]] == [1]
    assert papers.person("ulla").browser.post("/api/v1/search/trace", json={}).status_code == 403


def test_a_trace_does_not_tell_how_many_hidden_passages_have_a_word(papers: Papers) -> None:
    papers.upload(papers.source("Open", readers=["all"]), "a.txt", "Something about the merger.")
    shut = papers.source("Shut", readers=[])
    maker = papers.person("mark", "maker").browser

    def traced() -> dict[str, Any]:
        found: dict[str, Any] = maker.post("/api/v1/search/trace", json={"question": "merger"}).json()
        assert len(found["candidates"]) == 1
        return {name: value for name, value in found.items() if name != "milliseconds"}

    papers.read()
    before = traced()
    for number in range(5):
        papers.upload(shut, f"{number}.txt", f"Secret {number} about the merger.")
    papers.read()
    assert traced() == before
