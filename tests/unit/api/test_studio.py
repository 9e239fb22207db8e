"""The studio's page at any depth and below any path, its assets kept for ever, and nothing else."""

import re
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from counterpoint.api.studio import StudioPages, built


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "studio"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<base href="__BASE__" /><meta nonce="__NONCE__" />')
    (folder / "assets" / "a-123.js").write_text("plain")
    (folder / "assets" / "a-123.js.gz").write_bytes(b"\x1f\x8bnot read here")
    (folder / "assets" / "a-123.js.br").write_bytes(b"not read here either")
    (folder / "assets" / "font-1.woff2").write_bytes(b"wOF2")
    (tmp_path / "secret").write_text("secret")
    return folder


@pytest.fixture
def browser(folder: Path) -> TestClient:
    return TestClient(StudioPages(PlainTextResponse("the API"), folder))


@pytest.mark.parametrize(
    ("path", "base"),
    [("/", "./"), ("/models", "./"), ("/sign-in", "./"), ("/keys/", "../"), ("/usage/2026/11", "../../")],
)
def test_the_page_knows_how_deep_it_stands(browser: TestClient, path: str, base: str) -> None:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert f'<base href="{base}"' in answer.text
    assert answer.headers["cache-control"] == "no-cache"


def test_the_policy_admits_the_page_s_own_nonce_once_and_no_inline_script(browser: TestClient) -> None:
    first, second = browser.get("/"), browser.get("/")
    nonce = re.search(r'nonce="([^"]+)"', first.text)
    assert nonce is not None
    policy = first.headers["content-security-policy"]
    assert f"'nonce-{nonce[1]}'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert nonce[1] not in second.text


def test_assets_are_kept_for_ever(browser: TestClient) -> None:
    answer = browser.get("/assets/a-123.js", headers={"Accept-Encoding": "identity"})
    assert answer.text == "plain"
    assert "immutable" in answer.headers["cache-control"]
    assert browser.get("/assets/font-1.woff2").content == b"wOF2"


def test_what_was_compressed_is_sent_so_to_whoever_reads_it(browser: TestClient) -> None:
    with browser.stream("GET", "/assets/a-123.js", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["vary"] == "Accept-Encoding"


def test_the_smallest_form_that_is_read_is_sent(browser: TestClient) -> None:
    with browser.stream(
        "GET", "/assets/a-123.js", headers={"Accept-Encoding": "gzip, deflate, br"}
    ) as answer:
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["content-type"].startswith("text/javascript")


def test_a_wrong_address_is_shown_to_people_and_told_to_programs(browser: TestClient) -> None:
    page = browser.get("/pricing/old", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, '<base href="../"' in page.text) == (404, True)
    assert browser.get("/pricing/old", headers={"Accept": "*/*"}).text == "the API"
    assert browser.get("/api/v1/nothing", headers={"Accept": "text/html"}).text == "the API"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/status",
        "/assets/",
        "/assets/none.js",
        "/assets/../../secret",
        "/assets/..%2f..%2fsecret",
    ],
)
def test_everything_else_is_the_api_s(browser: TestClient, path: str) -> None:
    assert browser.get(path).text == "the API"


def test_only_reading_is_answered(browser: TestClient) -> None:
    assert browser.post("/").text == "the API"


def test_a_tree_in_which_nothing_was_built_has_no_studio(tmp_path: Path, folder: Path) -> None:
    assert built(tmp_path) is None
    assert built(folder) == folder
