from tests.papers import Papers


def test_a_file_is_downloaded_and_never_shown_as_a_page_of_ours(papers: Papers) -> None:
    ada = papers.person("ada")
    source = papers.source(readers=["user:ada"])
    document = papers.upload(source, "é <b>.html", "<script>alert(1)</script>")
    papers.read()
    answer = ada.browser.get(f"/api/v1/documents/{document}/content")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9%20%3Cb%3E.html"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


def test_hidden_and_absent_are_one_answer(papers: Papers) -> None:
    ulla = papers.person("ulla").browser
    document = papers.upload(papers.source(), "a.txt", "The notice period.")
    papers.read()
    for below in ("", "/passages", "/content", "/pages/1"):
        hidden = ulla.get(f"/api/v1/documents/{document}{below}")
        absent = ulla.get(f"/api/v1/documents/absent{below}")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text.replace(document, "absent") == absent.text


def test_why_and_readers_are_for_who_administers(papers: Papers) -> None:
    ulla = papers.person("ulla")
    document = papers.upload(papers.source(readers=["user:ulla"]), "a.txt", "The notice period.")
    papers.read()
    base = f"/api/v1/documents/{document}"
    why = papers.operator.get(f"{base}/why", params={"account": "ulla"}).json()
    assert (why["may_read"], why["sentence"]) == (True, "ulla may see this document, as: ulla.")
    assert [item["name"] for item in papers.operator.get(f"{base}/readers").json()["items"]] == ["ulla"]
    assert ulla.browser.get(f"{base}/readers").status_code == 403
    assert ulla.browser.get(base).json()["may_read"] is True
