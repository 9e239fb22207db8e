"""Documents in the studio: dropped, seen being read, found, opened where it stands; and nothing of what is hidden."""

import base64
import json
import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, StorageState, expect

from tests.browser.conftest import PROGRAM
from tests.browser.pages import PASSWORD, flaws, settled, visitor
from tests.running import Running, running

pytestmark = pytest.mark.timeout(900)
READ_MS = 180_000
"""As long as reading a few files may take on a slow machine."""
OFFICE = (
    "docling/pdf/sources/2305.03393v1-pg9.pdf",
    "docling/docx/sources/word_sample.docx",
    "docling/xlsx/sources/xlsx_05_table_with_title.xlsx",
    "unstructured/password_protected.xlsx",
)
SECRET = "# Merger\n\nThe merger with Harmonia closes in March for 40 million euros.\n"
DROP = """async (area, files) => {
  const data = new DataTransfer();
  for (const { name, type, body } of files) {
    const bytes = Uint8Array.from(atob(body), letter => letter.charCodeAt(0));
    data.items.add(new File([bytes], name, { type }));
  }
  for (const kind of ["dragover", "drop"]) {
    area.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""
TELL = """async ([path, body]) => {
  const answer = await fetch("api/v1/" + path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}"""


@pytest.fixture(scope="module")
def studio(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """With the embedded models: what is found is found by word and meaning, and answers are quotations."""
    with running([PROGRAM], tmp_path_factory.mktemp("knowledge") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def handbook(studio: Running, browser: Browser, signed_in: StorageState, shared: Path) -> str:
    """A source that everybody may see, its files dropped and read; its id."""
    files = [shared / "data" / "office" / name for name in OFFICE]
    with visitor(browser, storage_state=signed_in) as page:
        source = add_source(page, studio, "Handbook", "Everybody who can sign in here")
        drop(page, [(path.name, path.read_bytes()) for path in files])
        for path in files[:-1]:
            found_by_meaning(page, path.name)
        expect(row(page, files[-1].name)).to_contain_text("Skipped", timeout=READ_MS)
    return source


@pytest.fixture(scope="module")
def board(studio: Running, browser: Browser, signed_in: StorageState) -> str:
    """A document that its owner alone may see; its id."""
    with visitor(browser, storage_state=signed_in) as page:
        add_source(page, studio, "Board papers", "Ada Owner")
        drop(page, [("secret-merger.md", SECRET.encode())])
        expect(row(page, "secret-merger.md")).to_contain_text("Ready", timeout=READ_MS)
        row(page, "secret-merger.md").get_by_role("button").click()
        page.get_by_role("dialog", name="A document").wait_for()
        return asked(page, "doc")


@pytest.fixture(scope="module")
def ben(studio: Running, browser: Browser, signed_in: StorageState) -> Iterator[Page]:
    """A page of somebody who has been given no right."""
    with visitor(browser, storage_state=signed_in) as page:
        page.goto(studio.studio + "/")
        page.locator("nav.side").wait_for()
        person = {"login": "ben", "name": "Ben Reader", "role": "user", "password": PASSWORD}
        page.evaluate(TELL, ["accounts", person])
    with visitor(browser) as theirs:
        theirs.goto(studio.studio + "/")
        theirs.locator("input[name=login]").fill("ben")
        theirs.locator("input[name=password]").fill(PASSWORD)
        theirs.get_by_role("button", name="Sign in", exact=True).click()
        theirs.locator("nav.side").wait_for()
        yield theirs


def add_source(page: Page, studio: Running, name: str, who: str) -> str:
    """Of uploads, for everybody or for one person; its id, its page being open."""
    page.goto(studio.studio + "/knowledge")
    page.get_by_role("button", name="Add a source").first.click()
    dialog = page.get_by_role("dialog", name="Add a source")
    dialog.get_by_label("What to call it").fill(name)
    if who.startswith("Everybody"):
        dialog.get_by_role("radio", name=who).click()
    else:
        choose(page, dialog.get_by_role("combobox", name="Some people and groups"), who)
    dialog.get_by_role("button", name="Create the source").click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    return asked(page, "source")


def asked(page: Page, name: str) -> str:
    """What the address says."""
    found = page.evaluate("name => new URLSearchParams(location.search).get(name)", name)
    assert isinstance(found, str)
    return found.strip('"')


def choose(page: Page, box: Locator, name: str) -> None:
    """From a list that is searched."""
    box.click()
    box.fill(name.split(maxsplit=1)[0])
    page.get_by_role("option").filter(has_text=name).click()
    if page.get_by_role("listbox").count():
        box.press("Escape")


def drop(page: Page, files: list[tuple[str, bytes]]) -> None:
    """As a hand that lets go of them over the page."""
    told = [
        {
            "name": name,
            "type": mimetypes.guess_type(name)[0] or "",
            "body": base64.b64encode(content).decode(),
        }
        for name, content in files
    ]
    page.get_by_role("region", name="Bring files").evaluate(DROP, told)


def found_by_meaning(page: Page, name: str) -> None:
    """It is read, and has its vectors."""
    expect(row(page, name)).to_contain_text("Ready", timeout=READ_MS)
    expect(row(page, name)).not_to_contain_text("by word", timeout=READ_MS)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has_text=name)


def ask(page: Page, studio: Running, question: str) -> None:
    """As somebody does: into the one box."""
    page.goto(studio.studio + "/search")
    box = page.get_by_role("searchbox", name="What do you want to know?")
    box.fill(question)
    box.press("Enter")
    page.get_by_role("region", name="Answer").wait_for()
    settled(page)


def test_files_are_dropped_and_seen_being_read(studio: Running, page: Page, handbook: str) -> None:
    page.goto(f"{studio.studio}/knowledge?source={handbook}")
    expect(row(page, "password_protected.xlsx")).to_contain_text("protected by a password")
    expect(page.get_by_text("3 of 4 files can be found · 1 skipped")).to_be_visible()
    page.get_by_role("radiogroup", name="State").get_by_text("Skipped").click()
    expect(page.get_by_role("row")).to_have_count(2)
    assert "state=skipped" in page.url
    page.get_by_role("button", name="All sources").click()
    card = page.get_by_role("listitem").filter(has_text="Handbook")
    expect(card.get_by_role("heading", name="Files")).to_be_visible()
    expect(card.get_by_role("heading", name="Who may see them")).to_be_visible()
    expect(card).to_contain_text("Seen by: Everybody here")


def test_a_result_opens_its_page_at_the_marked_words(studio: Running, page: Page, handbook: str) -> None:
    ask(page, studio, "inference timing of table structure")
    first = page.get_by_role("listitem").filter(has=page.locator("mark.hit")).first
    expect(first.locator("mark.hit").first).to_be_visible()
    page.get_by_role("searchbox").press("ArrowDown")
    expect(page.locator(".foundlist button.plain").first).to_be_focused()
    page.locator(".foundlist li").filter(has_text="Inference timing").get_by_role("button").first.click()
    beside = page.get_by_role("complementary", name="Document")
    picture = beside.get_by_role("img", name="Page 1 of")
    expect(picture).to_be_visible()
    expect(beside.locator(".pagemark").first).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 500
    assert marks_lie_on_ink(page)
    beside.get_by_text("Text", exact=True).click()
    expect(beside.locator("mark.hit").first).to_be_visible()
    address = page.url
    assert "q=" in address
    assert "doc=" in address
    page.reload()
    expect(page.get_by_role("complementary", name="Document").locator(".pagemark").first).to_be_visible()
    assert page.url == address


def marks_lie_on_ink(page: Page) -> bool:
    """Whether there are words below every mark: pixels that are not paper."""
    return bool(
        page.evaluate(
            """() => {
              const image = document.querySelector(".pagepicture img");
              const canvas = document.createElement("canvas");
              canvas.width = image.naturalWidth;
              canvas.height = image.naturalHeight;
              const paint = canvas.getContext("2d");
              paint.drawImage(image, 0, 0);
              const share = (mark, name) => Number.parseFloat(mark.style[name]) / 100;
              return [...document.querySelectorAll(".pagemark")].every(mark => {
                const at = ["left", "top", "width", "height"].map((name, index) =>
                  Math.max(1, Math.floor(share(mark, name) * (index % 2 ? canvas.height : canvas.width))));
                const { data } = paint.getImageData(...at);
                return data.some((value, index) => index % 4 < 3 && value < 128);
              });
            }"""
        )
    )


def test_a_sheet_opens_around_its_cells(studio: Running, page: Page, handbook: str) -> None:
    ask(page, studio, "freshwater ducks per year")
    found = page.locator(".foundlist li").filter(has_text="2019").first
    expect(found).to_contain_text("sheet Duck Observations")
    found.get_by_role("button").first.click()
    table = page.get_by_role("complementary", name="Document").get_by_role("table").last
    expect(table).to_contain_text("120")
    expect(page.locator(".searchside td.hit").first).to_be_visible()


def test_what_is_asked_is_answered_in_quotations_that_can_be_checked(
    studio: Running, context: BrowserContext, page: Page, handbook: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, studio, "What should I not forget when swimming in the lake?")
    answer = page.get_by_role("region", name="Answer")
    quote = answer.locator("blockquote").first
    said = quote.locator("span").first.inner_text()
    quote.get_by_role("button", name="Source 1").first.click()
    expect(page.get_by_role("complementary", name="Document").locator("mark.hit").first).to_be_visible()
    answer.get_by_role("button", name="Receipt").click()
    receipt = page.get_by_role("dialog", name="Receipt")
    expect(receipt).to_contain_text("None: quotations only")
    expect(receipt).to_contain_text("Seen through: Everybody here")
    receipt.get_by_role("button", name="Copy as JSON").click()
    expect(receipt.get_by_role("button", name="Copied")).to_be_visible()
    copied: dict[str, Any] = json.loads(page.evaluate("navigator.clipboard.readText()"))
    assert copied["answer"]["claims"][0]["sentence"].split() == said.split()
    assert copied["complete"] is True


def test_more_is_shown_when_it_is_asked_for(studio: Running, page: Page, handbook: str) -> None:
    ask(page, studio, "swimming in the lake")
    found, more = page.locator(".foundlist > li"), page.get_by_role("button", name="Show more")
    expect(found).to_have_count(10)
    more.click()
    expect(found.nth(10)).to_be_visible()
    expect(more).to_have_count(0)
    page.get_by_role("searchbox").fill("freshwater ducks")
    page.get_by_role("searchbox").press("Enter")
    expect(found).to_have_count(10)


def test_what_is_in_no_document_is_said_calmly(studio: Running, page: Page, handbook: str) -> None:
    ask(page, studio, "zygomorphic telescopes of Uranus")
    expect(page.get_by_text("This is not in your documents.")).to_be_visible()
    expect(page.get_by_text("by word only")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)
    page.goto(f"{studio.studio}/search?q=freshwater+ducks&language=fr")
    expect(page.get_by_text("Nothing fits your question")).to_be_visible()
    page.get_by_role("button", name="Without filters").last.click()
    expect(page.locator(".foundlist")).to_contain_text("Wild Duck Observations")
    expect(page.get_by_role("alert")).to_have_count(0)


def told_to(page: Page, act: Callable[[], object]) -> str:
    """All that the platform answers a page meanwhile, whether it asks once or twice."""
    said: set[str] = set()

    def hear(answer: Response) -> None:
        if "/api/v1/" in answer.url and "events" not in answer.url:
            said.add(answer.url.partition("?")[0])
            if "json" in answer.headers.get("content-type", ""):
                said.add(answer.text())

    page.on("response", hear)
    act()
    page.remove_listener("response", hear)
    return "\n".join(sorted(said))


def test_who_has_no_right_finds_nothing_and_learns_nothing(
    studio: Running, page: Page, handbook: str, board: str, ben: Page
) -> None:
    ask(page, studio, "merger with Harmonia")
    expect(page.locator(".foundlist")).to_contain_text("Harmonia")

    said = told_to(ben, lambda: ask(ben, studio, "merger with Harmonia"))
    shown = ben.locator("main").inner_text()
    for trace in ("secret-merger", "Board papers", "40 million", board):
        assert trace not in said
        assert trace not in shown
    expect(ben.get_by_text("This is not in your documents.")).to_be_visible()
    expect(ben.get_by_role("link", name="Knowledge")).to_have_count(0)

    hidden = told_to(ben, lambda: open_document(ben, studio, board))
    nowhere = told_to(ben, lambda: open_document(ben, studio, "01a202fa-0000-7000-8000-000000000000"))
    assert "secret-merger" not in hidden
    assert hidden.replace(board, "ID") == nowhere.replace("01a202fa-0000-7000-8000-000000000000", "ID")


def open_document(page: Page, studio: Running, document: str) -> None:
    """By its address."""
    page.goto(f"{studio.studio}/search?doc={document}&at=0-9")
    expect(page.get_by_role("heading", name="There is no such document")).to_be_visible()
    settled(page)


def test_a_group_gives_a_right_and_takes_it_in_the_next_question(
    studio: Running, page: Page, board: str, ben: Page
) -> None:
    page.goto(studio.studio + "/members?tab=groups")
    page.get_by_role("button", name="New group").first.click()
    dialog = page.get_by_role("dialog", name="New group")
    dialog.get_by_label("Name").fill("Board")
    choose(page, dialog.get_by_role("combobox", name="Its people"), "Ben Reader")
    dialog.get_by_role("button", name="Create group").click()
    expect(row(page, "Board")).to_contain_text("Ben Reader")

    page.goto(studio.studio + "/knowledge")
    page.get_by_role("button", name="Actions for source Board papers").click()
    page.get_by_role("menuitem", name="Change this source").click()
    change = page.get_by_role("dialog", name="Change this source")
    choose(page, change.get_by_role("combobox", name="Some people and groups"), "Board")
    change.get_by_role("button", name="Save changes").click()
    expect(change).to_have_count(0)
    expect(page.get_by_role("listitem").filter(has_text="Board papers")).to_contain_text("Board")
    expect(page.get_by_role("listitem").filter(has_text="Board papers")).to_contain_text("ada")

    ask(ben, studio, "merger with Harmonia")
    expect(ben.locator(".foundlist")).to_contain_text("Harmonia")
    why = why_of(page, studio, board, "Ben Reader")
    expect(why).to_contain_text("Group: Board")

    page.goto(studio.studio + "/members?tab=groups")
    page.get_by_role("button", name="Actions for group Board").click()
    page.get_by_role("menuitem", name="Remove the group").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove the group").click()
    expect(page.get_by_text("No groups")).to_be_visible()
    ask(ben, studio, "merger with Harmonia")
    expect(ben.get_by_text("This is not in your documents.")).to_be_visible()
    expect(ben.locator("main")).not_to_contain_text("40 million")
    why_of(page, studio, board, "Ben Reader")
    expect(page.locator(".whyword")).not_to_have_attribute("data-may", "true")


def why_of(page: Page, studio: Running, document: str, name: str) -> Locator:
    """What is said of why somebody may see a document."""
    page.goto(f"{studio.studio}/knowledge?doc={document}")
    drawer = page.get_by_role("dialog", name="A document")
    drawer.get_by_role("tab", name="Who may see it").click()
    choose(page, drawer.get_by_role("combobox", name="Why can this person see it?"), name)
    said = drawer.locator(".whyword")
    said.wait_for()
    return said


def test_a_maker_sees_how_a_question_finds_its_passages(studio: Running, page: Page, handbook: str) -> None:
    page.goto(studio.studio + "/knowledge?tab=trace")
    page.get_by_label("A question, as somebody would ask it").fill("freshwater ducks")
    page.get_by_role("button", name="Try it").click()
    how = page.get_by_role("region", name="How it was searched")
    expect(how).to_contain_text("duck")
    expect(how).to_contain_text("ada")
    first = page.get_by_role("region", name="Passages considered").get_by_role("row").nth(1)
    expect(first).to_contain_text("Duck")


@pytest.fixture(scope="module")
def views(handbook: str, board: str) -> dict[str, str]:
    """Pages with documents on them."""
    return {
        "sources": "/knowledge",
        "source": f"/knowledge?source={handbook}",
        "document": f"/knowledge?doc={board}",
        "answered": "/search?q=table+structure",
        "opened": f"/search?q=merger&doc={board}&at=10-30",
        "receipts": "/knowledge?tab=receipts",
    }


def test_an_uploaded_file_is_taken_away_again(studio: Running, page: Page, handbook: str) -> None:
    page.goto(f"{studio.studio}/knowledge?source={handbook}")
    drop(page, [("mistake.md", b"# Mistake\n\nThis was not meant to be here.\n")])
    expect(row(page, "mistake.md")).to_contain_text("Ready", timeout=READ_MS)
    row(page, "mistake.md").get_by_role("button").click()
    page.get_by_role("dialog", name="A document").get_by_role("button", name="Remove the file").click()
    sure = page.get_by_role("dialog", name="Remove the file · mistake.md")
    expect(sure).to_contain_text("kept nowhere else")
    sure.get_by_role("button", name="Remove the file").click()
    expect(row(page, "mistake.md")).to_have_count(0)
    expect(row(page, "word_sample.docx")).to_have_count(1)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light"), (2560, "light")])
def test_what_documents_fill_is_sound(
    studio: Running,
    browser: Browser,
    signed_in: StorageState,
    axe: str,
    views: dict[str, str],
    width: int,
    scheme: str,
) -> None:
    found: list[str] = []
    settings = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with visitor(browser, storage_state=signed_in, reduced_motion="reduce", **settings) as page:
        for name, path in views.items():
            page.goto(studio.studio + path)
            settled(page)
            if width < 2560:
                found += [f"{name}: {flaw}" for flaw in flaws(page, axe)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than the screen")
    assert found == []
