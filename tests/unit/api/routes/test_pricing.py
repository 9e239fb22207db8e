from fastapi.testclient import TestClient

ANY = {"If-Match": "*"}


def test_prices_and_currencies_are_replaced_as_a_whole(operator: TestClient) -> None:
    before = operator.get("/api/v1/pricing")
    assert (before.json()["currency"], before.json()["contracts"]) == ("USD", [])
    wanted = {
        "currency": "EUR",
        "zone": "Europe/Paris",
        "rates": [{"currency": "USD", "rate": "0.92", "since": "2026-01-01T00:00:00Z", "source": "bank"}],
        "contracts": [
            {"offering": "host/*", "discount": "12.5", "reference": "F-17"},
            {"offering": "large", "prices": {"input": "1.5"}, "currency": "EUR"},
        ],
    }
    after = operator.put("/api/v1/pricing", json=wanted, headers={"If-Match": before.headers["etag"]})
    assert after.status_code == 200
    shown = operator.get("/api/v1/pricing").json()
    assert shown == after.json()
    assert [each["discount"] for each in shown["contracts"]] == ["12.5", None]
    assert shown["rates"][0]["rate"] == "0.92"
    assert operator.put("/api/v1/pricing", json={}).status_code == 428
    late = operator.put("/api/v1/pricing", json={}, headers={"If-Match": before.headers["etag"]})
    assert late.status_code == 412


def test_prices_that_cannot_be(operator: TestClient) -> None:
    for wrong in (
        {"currency": "eur"},
        {"contracts": [{"offering": "*"}]},
        {"contracts": [{"offering": "*", "prices": {"inputs": "1"}}]},
        {"contracts": [{"offering": "*", "discount": "101"}]},
        {"rates": [{"currency": "USD", "rate": "0"}]},
    ):
        assert operator.put("/api/v1/pricing", json=wrong, headers=ANY).status_code == 422
