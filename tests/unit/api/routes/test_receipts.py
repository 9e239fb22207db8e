from fastapi.testclient import TestClient

from tests.papers import BASE, Papers


def test_ones_own_are_listed_and_shown_and_those_of_others_are_not(papers: Papers) -> None:
    ada, bob, audrey = papers.person("ada"), papers.person("bob"), papers.person("audrey", "auditor")
    papers.upload(papers.source(), "notice.txt", "The notice period is three months.")
    papers.read()
    receipt = ada.browser.post("/api/v1/answers", json={"question": "notice period"}).json()["receipt"]
    path = f"/api/v1/receipts/{receipt}"
    assert ada.browser.get(path).json()["asker"] == {"id": ada.id, "login": "ada"}
    assert [item["id"] for item in ada.browser.get("/api/v1/receipts").json()["items"]] == [receipt]
    assert bob.browser.get(path).status_code == 404
    assert bob.browser.get("/api/v1/receipts").json()["items"] == []
    assert audrey.browser.get(path).status_code == 200
    whose = audrey.browser.get("/api/v1/receipts", params={"account": bob.id})
    assert whose.json()["items"] == []


def test_what_was_withheld_is_shown_to_auditors_alone(papers: Papers) -> None:
    ada, audrey = papers.person("ada"), papers.person("audrey", "auditor")
    papers.upload(
        papers.source(readers=["user:audrey"]), "notice.txt", "Notice\n\nThe notice period is a secret."
    )
    papers.read()
    receipt = ada.browser.post("/api/v1/answers", json={"question": "notice period"}).json()["receipt"]
    path = f"/api/v1/receipts/{receipt}/withheld"
    (item,) = audrey.browser.get(path).json()["items"]
    assert item["path"] == "notice.txt"
    assert "secret" not in audrey.browser.get(path).text
    assert ada.browser.get(path).status_code == 403


def test_a_new_token_by_an_old_name_has_none_of_the_receipts_of_the_old_one(papers: Papers) -> None:
    def token() -> tuple[str, TestClient]:
        made = papers.operator.post("/api/v1/tokens", json={"name": "reports", "role": "user"}).json()
        headers = {"Authorization": f"Bearer {made['secret']}"}
        return made["token"]["id"], TestClient(papers.operator.app, base_url=BASE, headers=headers)

    old, program = token()
    receipt = program.post("/api/v1/answers", json={"question": "notice period"}).json()["receipt"]
    assert program.get(f"/api/v1/receipts/{receipt}").status_code == 200
    assert papers.operator.post(f"/api/v1/tokens/{old}/revoke").status_code == 200
    _, program = token()
    assert program.get(f"/api/v1/receipts/{receipt}").status_code == 404
    assert program.get("/api/v1/receipts").json()["items"] == []
