from fastapi.testclient import TestClient

ACCOUNTS = "/api/v1/accounts"
GOOD = "a short sentence is good"


def test_an_account_from_first_to_last(operator: TestClient) -> None:
    made = operator.post(ACCOUNTS, json={"login": "Bob@Example.com", "name": "Bob", "role": "user"})
    assert made.status_code == 201
    account = made.json()["account"]
    assert made.json()["link_token"]
    assert (account["login"], account["state"]) == ("bob@example.com", "invited")
    url = f"{ACCOUNTS}/{account['id']}"
    shown = operator.get(url)
    assert shown.json() == account
    tag = shown.headers["etag"]

    assert operator.patch(url, json={"name": "Bobby"}).status_code == 428
    edited = operator.patch(url, json={"name": "Bobby"}, headers={"If-Match": tag})
    assert edited.json()["name"] == "Bobby"
    assert operator.patch(url, json={"name": "B"}, headers={"If-Match": tag}).status_code == 412
    disabled = operator.patch(url, json={"disabled": True}, headers={"If-Match": edited.headers["etag"]})
    assert disabled.json()["state"] == "disabled"

    assert operator.post(f"{url}/link").status_code == 201
    assert operator.post(f"{url}/sign-out").status_code == 204
    assert operator.delete(url).status_code == 204
    assert operator.get(url).status_code == 404


def test_a_password_may_be_given_and_is_not_shown(operator: TestClient) -> None:
    body = {"login": "bob", "name": "Bob", "role": "user", "password": GOOD}
    made = operator.post(ACCOUNTS, json=body)
    assert made.json()["link_token"] is None
    assert GOOD not in operator.get(ACCOUNTS).text
    assert operator.post(ACCOUNTS, json=body).status_code == 409
    assert operator.get(ACCOUNTS, params={"role": "user", "q": "BO"}).json()["items"] == [
        made.json()["account"]
    ]
    weak = operator.post(ACCOUNTS, json={**body, "login": "eve", "password": "short"})
    assert weak.status_code == 422
