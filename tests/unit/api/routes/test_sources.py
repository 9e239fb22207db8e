from tests.papers import Papers

SOURCES = "/api/v1/sources"


def test_a_source_is_made_changed_synced_and_removed(papers: Papers) -> None:
    operator = papers.operator
    body = {"name": "Site", "kind": "web", "settings": {"url": "https://example.com"}, "secret": None}
    made = operator.post(SOURCES, json=body)
    assert made.status_code == 201
    assert made.json()["content"]["state"] == "waiting"
    path = f"{SOURCES}/{made.json()['id']}"
    shown = operator.get(path)
    edited = operator.patch(
        path, json={"paused": True, "readers": ["all"]}, headers={"If-Match": shown.headers["etag"]}
    )
    assert (edited.json()["paused"], edited.json()["readers"][0]["kind"]) == (True, "everybody")
    assert operator.patch(path, json={"paused": False}, headers=shown.headers).status_code == 428
    assert operator.post(f"{path}/sync", json={"what": "rights"}).status_code == 202
    assert operator.delete(path).status_code == 204
    assert operator.get(path).json()["removing"] is True


def test_a_secret_is_never_shown(papers: Papers) -> None:
    body = {"name": "Code", "kind": "git", "settings": {"url": "https://h/r"}, "secret": "a-secret-token"}
    made = papers.operator.post(SOURCES, json=body)
    assert made.json()["secret"] is True
    assert "a-secret-token" not in made.text
    assert "a-secret-token" not in papers.operator.get("/api/v1/audit").text


def test_a_file_is_uploaded_read_and_listed(papers: Papers) -> None:
    source = papers.source(readers=["all"])
    document = papers.upload(source, "notice.txt", "The notice period is three months.")
    papers.upload(source, "bad.txt", "BAD")
    papers.read()
    listed = papers.operator.get(f"{SOURCES}/{source}/documents").json()["items"]
    assert [(item["path"], item["state"]) for item in listed] == [
        ("bad.txt", "skipped"),
        ("notice.txt", "ready"),
    ]
    assert listed[0]["reason"]
    found = papers.operator.get(f"{SOURCES}/{source}/documents?q=notice&state=ready").json()["items"]
    assert [item["id"] for item in found] == [document]
    content = papers.operator.get(f"{SOURCES}/{source}").json()["content"]
    assert (content["found"], content["ready"], content["skipped"]) == (2, 1, 1)


def test_more_than_is_read_of_a_document_is_refused_before_it_is_taken(papers: Papers) -> None:
    source = papers.source()
    headers = {"Content-Length": str(101 << 20)}
    path = f"{SOURCES}/{source}/files?name=large.txt"
    assert papers.operator.post(path, content=b"", headers=headers).status_code == 413
    user = papers.person("ulla").browser
    assert user.post(path, content=b"x" * (2 << 20)).status_code == 413


def test_kinds_say_what_they_ask_for(papers: Papers) -> None:
    kinds = {item["kind"]: item for item in papers.operator.get(f"{SOURCES}/kinds").json()["items"]}
    assert kinds["folder"]["settings"] == ["path", "include?", "exclude?"]
    assert kinds["folder"]["reports_rights"] is True
    assert kinds["upload"]["settings"] == []


def test_documents_with_the_longest_paths_are_listed_page_by_page(papers: Papers) -> None:
    source = papers.source()
    longest = [f"{number}" + "\u5b57" * 666 + "a" for number in range(4)]
    for path in longest:
        papers.upload(source, path, "x")
    found: list[str] = []
    cursor = None
    while cursor is not None or not found:
        asked = {"limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = papers.operator.get(f"{SOURCES}/{source}/documents", params=asked)
        assert answer.status_code == 200, answer.text
        found += [item["path"] for item in answer.json()["items"]]
        cursor = answer.json()["next"]
    assert found == longest
