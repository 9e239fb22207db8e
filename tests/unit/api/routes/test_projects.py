"""Projects are listed, made, and told what they may send where, by whoever may."""

from fastapi.testclient import TestClient


def test_projects_are_listed_with_what_holds_for_them(operator: TestClient) -> None:
    made = operator.post("/api/v1/projects", json={"name": "law", "constraints": {"residency": ["EU"]}})
    assert made.status_code == 201
    listed = {item["name"]: item for item in operator.get("/api/v1/projects").json()["items"]}
    assert listed["law"]["constraints"]["residency"] == ["EU"]
    assert listed["default"]["constraints"]["residency"] == []
    shown = operator.get("/api/v1/projects/law")
    assert (shown.json(), shown.headers["etag"]) == (listed["law"], f'"{listed["law"]["revision"]}"')


def test_edits_are_whole_and_for_what_was_read(operator: TestClient) -> None:
    revision = operator.post("/api/v1/projects", json={"name": "law"}).json()["revision"]
    edit = {"data_class": "secret"}
    assert operator.put("/api/v1/projects/law", json=edit).status_code == 428
    tag = {"If-Match": f'"{revision}"'}
    assert operator.put("/api/v1/projects/law", json=edit, headers=tag).json()["data_class"] == "secret"
    assert operator.put("/api/v1/projects/law", json={}, headers=tag).status_code == 412
    emptied = operator.put("/api/v1/projects/law", json={}, headers={"If-Match": "*"}).json()
    assert emptied["data_class"] == ""


def test_what_cannot_be(operator: TestClient) -> None:
    for wrong in ({"name": ""}, {"name": "x", "data_class": "a*"}, {"name": "x", "colour": "red"}):
        assert operator.post("/api/v1/projects", json=wrong).status_code == 422
    answer = operator.post("/api/v1/projects", json={"name": "x", "constraints": {"residency": ["fr"]}})
    assert answer.json()["detail"].startswith("constraints.residency: ")
    assert operator.get("/api/v1/projects/none").status_code == 404
