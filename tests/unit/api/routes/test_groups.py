from tests.papers import Papers

GROUPS = "/api/v1/groups"


def test_a_group_is_made_filled_renamed_and_removed(papers: Papers) -> None:
    ada, operator = papers.person("ada"), papers.operator
    made = operator.post(GROUPS, json={"name": "Finance"})
    assert made.status_code == 201
    path = f"{GROUPS}/{made.json()['id']}"
    tag = operator.get(path).headers["etag"]
    filled = operator.put(f"{path}/members", json={"accounts": [ada.id]}, headers={"If-Match": tag})
    assert [member["login"] for member in filled.json()["members"]] == ["ada"]
    assert operator.patch(path, json={"name": "Money"}, headers={"If-Match": tag}).status_code == 412
    renamed = operator.patch(path, json={"name": "Money"}, headers={"If-Match": filled.headers["etag"]})
    assert renamed.json()["name"] == "Money"
    assert [item["name"] for item in operator.get(GROUPS).json()["items"]] == ["Money"]
    assert operator.delete(path).status_code == 204
    assert operator.get(path).status_code == 404


def test_changes_of_groups_are_in_the_audit_log(papers: Papers) -> None:
    ada, operator = papers.person("ada"), papers.operator
    group = operator.post(GROUPS, json={"name": "Finance"}).json()["id"]
    operator.put(f"{GROUPS}/{group}/members", json={"accounts": [ada.id]}, headers={"If-Match": "*"})
    newest = operator.get("/api/v1/audit?limit=2").json()["items"]
    assert [item["action"] for item in newest] == [
        "PUT /api/v1/groups/{group_id}/members",
        "POST /api/v1/groups",
    ]


def test_whoever_may_not_is_refused(papers: Papers) -> None:
    assert papers.person("ulla").browser.get(GROUPS).status_code == 403
    maker = papers.person("mark", "maker").browser
    assert maker.get(GROUPS).status_code == 200
    assert maker.post(GROUPS, json={"name": "Finance"}).status_code == 403
