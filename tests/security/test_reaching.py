"""Nobody who may enter a provider's address gets, through us, to what only this machine reaches."""

import json

import pytest

from tests.canary import CANARY
from tests.security.conftest import Fort

INSIDE = [
    "http://169.254.169.254/latest/meta-data",
    "http://10.0.0.1/v1",
    "http://192.168.0.1:8080/v1",
    "http://172.16.0.1/v1",
    "http://100.100.100.200/latest",
    "http://[fd00:ec2::254]/v1",
    "http://[fe80::1]/v1",
    "http://[::ffff:169.254.169.254]/v1",
    "http://[::ffff:a9fe:a9fe]/v1",
    "http://[64:ff9b::a9fe:a9fe]/v1",
    "http://2852039166/v1",
    "http://0xa9fea9fe/v1",
    "http://0xa9.0xfe.0xa9.0xfe/v1",
    "http://0251.0376.0251.0376/v1",
    "http://169.254.43518/v1",
    "http://0.0.0.0/v1",
    "http://0/v1",
]
NO_ADDRESS = [
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "ftp://127.0.0.1/",
    "unix:///run/counterpoint.sock",
    "http://127.0.0.1:9/v1\r\nx: y",
    "http://",
    "//10.0.0.1/v1",
    "javascript:alert(1)",
]


def _add(fort: Fort, url: str) -> tuple[int, str]:
    body = {"name": "inside", "base_url": url, "secret": f"{CANARY}-inside"}
    answer = fort.ask("POST", "/api/v1/providers", body=json.dumps(body).encode())
    if answer.status < 300:
        fort.ask("DELETE", "/api/v1/providers/inside")
    return answer.status, answer.body.decode()


@pytest.mark.parametrize("url", INSIDE)
def test_a_provider_is_not_at_a_private_address(fort: Fort, url: str) -> None:
    status, told = _add(fort, url)
    assert 400 <= status < 500, told
    assert "private_networks" in told


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_a_provider_is_called_by_http_alone(fort: Fort, url: str) -> None:
    status, told = _add(fort, url)
    assert 400 <= status < 500, told


def test_a_model_server_on_this_machine_is_a_provider(fort: Fort) -> None:
    status, told = _add(fort, "http://127.0.0.1:11434/v1")
    assert status < 300, told


def test_an_address_is_not_changed_to_a_private_one_either(fort: Fort) -> None:
    body = {"name": "moving", "base_url": "http://127.0.0.1:9/v1", "secret": f"{CANARY}-moving"}
    assert fort.ask("POST", "/api/v1/providers", body=json.dumps(body).encode()).status < 300
    change = {"base_url": "http://169.254.169.254/v1", "secret": f"{CANARY}-moving"}
    answer = fort.ask("PATCH", "/api/v1/providers/moving", "if-match: *", body=json.dumps(change).encode())
    assert 400 <= answer.status < 500
    assert b"private_networks" in answer.body
    fort.ask("DELETE", "/api/v1/providers/moving")
