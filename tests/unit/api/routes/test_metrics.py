import ipaddress
from dataclasses import replace

from fastapi.testclient import TestClient

from counterpoint.api.application import create_app
from counterpoint.api.routes.metrics import MEDIA_TYPE, is_listed
from counterpoint.api.services import Services
from counterpoint.control.roles import Role
from counterpoint.telemetry import exposition


def test_figures_are_for_whoever_may_see_the_state(operator: TestClient, services: Services) -> None:
    answer = operator.get("/metrics")
    assert (answer.status_code, answer.text) == (200, "# TYPE x gauge\nx 1\n")
    assert answer.headers["content-type"] == MEDIA_TYPE == exposition.MEDIA_TYPE
    expected: dict[Role, int] = {"auditor": 200, "user": 403}
    for role, status in expected.items():
        secret = services.tokens.create(role, role, actor="owner", made_by="test").text
        bearer = {"Authorization": f"Bearer {secret}"}
        assert operator.get("/metrics", headers=bearer).status_code == status


def test_strangers_read_them_from_listed_addresses_only(stranger: TestClient, services: Services) -> None:
    assert stranger.get("/metrics").status_code == 401
    here = replace(services, metrics_from=(ipaddress.ip_network("10.1.0.0/16"),))
    for address, status in (("10.1.2.3", 200), ("10.2.0.1", 401), ("odd", 401)):
        app = create_app(here)
        with TestClient(app, base_url="http://127.0.0.1:8601", client=(address, 1)) as client:
            assert client.get("/metrics").status_code == status
    assert not is_listed("", here.metrics_from)
