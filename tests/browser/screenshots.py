"""`make screenshots`: every page as a company sees it after a month, as it is when everything is new, and as it is when
the platform is away or says no; wide and narrow, light and dark; into docs/images."""

import io
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, Route, StorageState

from scripts.components import COMPONENTS
from tests.browser.pages import OPENED, PAGES, chromium, first_start, settled, visitor
from tests.browser.replay import replayed_host, told
from tests.browser.seed import KEYS, PEOPLE, lay, zone
from tests.running import Running, running

IMAGES = Path(__file__).resolve().parent.parent.parent / "docs" / "images"
PROGRAM = Path(sys.executable).with_name("counterpoint")
SIZES = {"": {"width": 1440, "height": 900}, "-narrow": {"width": 390, "height": 844}}
OWN_PORT = 18_000
QUESTION = "What is a counterpoint in music? Answer in two sentences."
ANSWER = (
    "A **counterpoint** is music of several independent melodies that sound well together. Each voice keeps its own "
    "rhythm and shape, and the harmony arises from how they meet."
)
VENDORS = ("openai", "anthropic", "mistral")
EAST = zone(datetime.now(UTC))
WHERE = {"timezone_id": f"Etc/GMT{-EAST:+d}" if EAST else "UTC"}
"""Of a browser in a place where it is afternoon; such names count westwards."""
LATER = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 250)))"
HANDBOOK = {
    "leave.md": "# Leave\n\nEverybody has 28 days of paid leave a year. Days that are left go over into March.\n",
    "notice.md": "# Notice\n\nThe notice period is three months to the end of a quarter.\n",
    "travel.md": "# Travel\n\nTrains are booked in second class; longer than four hours, in first.\n",
}
REFUSED = json.dumps(
    {"type": "about:blank", "title": "Something failed here", "status": 500, "detail": "It is in the log."}
)


class Album:
    """Where the pictures go; remembers which were taken."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[str] = set()

    def take(self, page: Page, name: str) -> None:
        """In as few bytes as look good: 256 colours are enough for a page."""
        page.evaluate(LATER)
        image = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
        small = image.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        small.save(self._folder / f"{name}.png", optimize=True)
        self._taken.add(f"{name}.png")

    def clear(self) -> None:
        """Pictures of what there is no more."""
        for path in self._folder.glob("studio-*.png"):
            if path.name not in self._taken:
                path.unlink()


def furnish(page: Page, studio: Running) -> None:
    """What an administrator has set up, by the API that the pages use; then a month of calls with those keys."""
    for vendor in VENDORS:
        tell(page, "providers", {"name": vendor, "secret": f"sk-{vendor}-0123456789abcdef"})
    own = {"name": "gpu-cluster", "base_url": f"http://127.0.0.1:{OWN_PORT}/v1", "secret": "sk-replayed"}
    tell(page, "providers", {**own, "dialects": {"openai-chat": "/chat/completions"}})
    tell(page, "providers/gpu-cluster/test", None)
    keys = {}
    for name in KEYS:
        models = ["gpt-5-mini", "claude-sonnet-4-5"] if name == "contract-review" else []
        keys[name] = tell(page, "keys", {"name": name, "models": models})["key"]["id"]
    for login, name, role in PEOPLE:
        password = "a long one for a picture"
        tell(page, "accounts", {"login": login, "name": name, "role": role, "password": password})
    tell(page, "tokens", {"name": "nightly-report", "role": "auditor"})
    stock(page)
    question = {"model": "gpu-cluster/qwen3-32b", "messages": [{"role": "user", "content": QUESTION}]}
    tell(page, "gateway/v1/chat/completions", question)
    settled(page)
    page.goto(studio.studio + "/usage")
    page.locator("main table").last.locator("tbody tr").first.wait_for()
    entry = tell(page, "usage/entries")["items"][0]
    count = lay(studio.data, keys, entry["project"]["id"])
    while tell(page, "status")["ledger"]["shipped"] < count:
        page.wait_for_timeout(200)


def tell(page: Page, path: str, *body: Any) -> Any:
    """One call as the page's person: with a body a POST."""
    answer = page.evaluate(
        """async ([path, posted, body]) => { const answer = await fetch('api/v1/' + path, posted ? {method: 'POST',
            headers: {'Content-Type': 'application/json'}, body: body && JSON.stringify(body)} : {});
            return {ok: answer.ok, body: await answer.json()}; }""",
        [path, len(body) > 0, body[0] if body else None],
    )
    if not answer["ok"]:
        raise RuntimeError(f"{path}: {answer['body']}")
    return answer["body"]


def stock(page: Page) -> None:
    """Documents that everybody may ask."""
    source = tell(page, "sources", {"name": "Handbook", "kind": "upload", "readers": ["all"]})["id"]
    page.evaluate(
        """async ([source, files]) => { for (const [name, body] of Object.entries(files)) await fetch(
            `api/v1/sources/${source}/files?name=${name}`, {method: 'POST', body,
            headers: {'Content-Type': 'application/octet-stream'}}); }""",
        [source, HANDBOOK],
    )
    while tell(page, f"sources/{source}")["content"]["ready"] < len(HANDBOOK):
        page.wait_for_timeout(200)


def everything(album: Album, browser: Browser, studio: Running, state: StorageState) -> None:
    """Each page filled, in every form; and what opens on it, wide and light."""
    for scheme in ("light", "dark"):
        for suffix, size in SIZES.items():
            with visitor(browser, storage_state=state, viewport=size, color_scheme=scheme, **WHERE) as page:
                for name, path in PAGES.items():
                    page.goto(studio.studio + path)
                    settled(page)
                    if name == "playground":
                        page.goto(studio.studio + "/playground?model=gpu-cluster/qwen3-32b")
                        settled(page)
                        converse(page)
                    album.take(page, f"studio-{name}-{scheme}{suffix}")
    with visitor(browser, storage_state=state, color_scheme="light", **WHERE) as page:
        for name, opened in OPENED.items():
            for label, locate in opened.items():
                page.goto(studio.studio + PAGES[name])
                settled(page)
                locate(page)
                page.get_by_role("dialog").first.wait_for()
                settled(page)
                album.take(page, f"studio-{name}-{label}-light")


def converse(page: Page) -> None:
    """A question and its answer."""
    field = page.get_by_role("textbox", name="Ask the model…")
    field.fill(QUESTION)
    field.press("Enter")
    page.get_by_text("how they meet").first.wait_for()
    page.get_by_role("button", name="Send").wait_for()


def nothing_yet(album: Album, browser: Browser, program: Path, folder: Path) -> None:
    """The first minute: signing in, and every page before there is anything on it."""
    with running([program], folder / "new") as studio, visitor(browser, color_scheme="light") as page:
        page.goto(studio.sign_in)
        page.get_by_role("button", name="Sign in", exact=True).wait_for()
        album.take(page, "studio-arrival-light")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("input[name=name]").wait_for()
        album.take(page, "studio-setup-light")
        page.goto(studio.sign_in)
        link_used(page, album)
    with running([program], folder / "empty") as studio, visitor(browser, color_scheme="light") as page:
        first_start(page, studio.sign_in)
        for name in ("home", "playground", "local", "providers", "keys", "usage", "members"):
            page.goto(studio.studio + PAGES[name])
            settled(page)
            album.take(page, f"studio-{name}-empty-light")
        with visitor(browser, color_scheme="light") as stranger:
            stranger.goto(studio.studio + "/")
            stranger.locator("input[name=login]").wait_for()
            album.take(stranger, "studio-sign-in-light")
            stranger.set_viewport_size({"width": 390, "height": 844})
            album.take(stranger, "studio-sign-in-light-narrow")


def link_used(page: Page, album: Album) -> None:
    """A link works once."""
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="This link does not work any more").wait_for()
    album.take(page, "studio-link-used-light")


def trouble(album: Album, browser: Browser, studio: Running, state: StorageState) -> None:
    """Each page when the API fails, the page that was open when the platform went, and a wrong address."""

    def fail(route: Route) -> None:
        url = route.request.url
        if "/api/v1/" in url and not url.endswith(("/me", "/events", "/session")):
            route.fulfill(status=500, content_type="application/problem+json", body=REFUSED)
        else:
            route.continue_()

    with visitor(browser, storage_state=state, color_scheme="light", **WHERE) as page:
        page.route("**/*", fail)
        for name in ("home", "models", "providers", "keys", "usage", "members"):
            page.goto(studio.studio + PAGES[name])
            page.get_by_role("alert").first.wait_for(timeout=30_000)
            album.take(page, f"studio-{name}-error-light")
        page.unroute("**/*")
        page.goto(studio.studio + "/nowhere")
        page.locator("h1").wait_for()
        album.take(page, "studio-nowhere-light")
        page.goto(studio.studio + "/usage")
        settled(page)
        page.context.set_offline(True)
        page.get_by_text("Counterpoint cannot be reached.").wait_for(timeout=30_000)
        album.take(page, "studio-usage-lost-light")


@contextmanager
def company(program: Path, folder: Path) -> Iterator[Running]:
    """An installation after a month."""
    with replayed_host(OWN_PORT) as host:
        host.models, host.events = ["qwen3-32b"], told(ANSWER)
        with running([program], folder / "company") as studio:
            yield studio


def photograph(program: Path, chrome: Path, folder: Path, album: Album) -> None:
    """All of them."""
    with chromium(chrome) as browser:
        nothing_yet(album, browser, program, folder)
        with company(program, folder) as studio:
            with visitor(browser) as page:
                first_start(page, studio.sign_in)
                furnish(page, studio)
                state = page.context.storage_state()
            everything(album, browser, studio, state)
            trouble(album, browser, studio, state)


def main() -> None:
    """Starts platforms of its own."""
    chrome = COMPONENTS["chromium"].path()
    if chrome is None:
        sys.exit(COMPONENTS["chromium"].lack())
    IMAGES.mkdir(exist_ok=True)
    album = Album(IMAGES)
    with tempfile.TemporaryDirectory() as folder:
        photograph(PROGRAM, chrome, Path(folder), album)
    album.clear()


if __name__ == "__main__":
    main()
