"""The studio below a path of somebody else's host, through a proxy that gathers answers unless it is told not to."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import PAGES, PATIENCE_MS, first_start, settled, visitor
from tests.browser.replay import ReplayedHost
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)
PREFIX = "/ai/counterpoint"


@pytest.fixture(scope="module")
def studio(built: Path, host: ReplayedHost, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("proxied")
    (folder / "counterpoint.toml").write_text(
        f'[server]\nadmin_proxies = ["127.0.0.1"]\n'
        f'[[providers]]\nname = "replayed"\nhost = "custom"\nbase_url = "{host.url}/v1"\n'
        f'secret = "env:REPLAYED"\nmodels = ["gpt-4o"]\n'
        f'dialects = {{ openai-chat = "/chat/completions" }}\n'
    )
    options = ("--config", str(folder / "counterpoint.toml"))
    environment = {**os.environ, "REPLAYED": host.secret}
    with running([PROGRAM], folder / "data", *options, environment=environment) as started:
        yield started


@pytest.fixture(scope="module")
def outside(
    studio: Running, component: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the studio as the world sees it."""
    nginx, folder, port = component("nginx"), tmp_path_factory.mktemp("nginx"), free_port()
    text = (Path(__file__).with_name("nginx.conf")).read_text("utf-8")
    values = {"folder": str(folder), "port": str(port), "studio": str(urlsplit(studio.studio).port)}
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    (folder / "nginx.conf").write_text(text)
    with subprocess.Popen([str(nginx), "-p", str(folder), "-c", str(folder / "nginx.conf")]) as process:
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}{PREFIX}/"
        finally:
            process.terminate()


def free_port() -> int:
    with closing(socket.socket()) as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE_MS / 1000
    while True:
        with closing(socket.socket()) as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < end, "the proxy did not start"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def page(outside: str, studio: Running, browser: Browser) -> Iterator[Page]:
    with visitor(browser) as page:
        page.goto(outside)
        first_start(page, outside + studio.sign_in.removeprefix(studio.studio + "/"))
        yield page


def test_every_page_is_there_and_loads_nothing_from_elsewhere(page: Page, outside: str) -> None:
    strays: list[str] = []
    page.on(
        "request", lambda sent: None if sent.url.startswith((outside, "data:")) else strays.append(sent.url)
    )
    failed: list[str] = []
    page.on("response", lambda got: failed.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    for path in PAGES.values():
        page.goto(outside + path.removeprefix("/"))
        settled(page)
    page.goto(outside + "settings/account")
    settled(page)
    page.get_by_role("link", name="Keys", exact=True).first.click()
    expect(page).to_have_url(outside + "keys")
    assert (strays, failed) == ([], [])


def test_the_cookie_is_for_this_path_alone(page: Page) -> None:
    cookie = next(each for each in page.context.cookies() if each["name"] == "counterpoint_session")
    assert (cookie["path"], cookie["httpOnly"], cookie["secure"]) == (PREFIX + "/", True, False)


def test_tokens_come_through_one_by_one(page: Page, outside: str, host: ReplayedHost) -> None:
    host.hold()
    page.goto(outside + "playground?model=replayed/gpt-4o")
    settled(page)
    ask = page.get_by_role("textbox", name="Ask").last
    ask.fill("What is a counterpoint?")
    ask.press("Enter")
    host.let(4)
    answer = page.locator(".md").last
    expect(answer).to_contain_text("A counterpoint is several")
    expect(answer).not_to_contain_text("sound well together")
    host.free()
    expect(answer).to_contain_text("sound well together")


def test_events_come_through_too(page: Page, outside: str, studio: Running) -> None:
    page.goto(outside + "usage")
    settled(page)
    rows = page.locator("main table tbody tr")
    before = rows.count()
    body = {"model": "replayed/gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
    studio.call("/v1/chat/completions", body)
    expect(rows).not_to_have_count(before)
