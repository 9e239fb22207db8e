"""People and programs: invited by a link, seeing only what their role opens, changed, signed out, let in again."""

import json
import re
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, StorageState, expect

from counterpoint.control.throttle import MOST_TOGETHER
from tests.browser.pages import PASSWORD, settled, visitor
from tests.running import Running

pytestmark = pytest.mark.timeout(900)

PLACES = (
    "",
    "search",
    "knowledge",
    "playground",
    "models",
    "providers",
    "keys",
    "budgets",
    "traffic",
    "health",
    "usage",
    "audit",
    "members",
    "settings",
)
CLOSED_TO = {
    "Maker": {"traffic", "health", "usage", "audit", "members"},
    "User": {"knowledge", "providers", "keys", "traffic", "health", "usage", "audit", "members"},
    "Auditor": {"search", "playground"},
}


def invite(page: Page, studio: Running, name: str, login: str, role: str) -> str:
    """As an owner; the link to hand over."""
    page.goto(studio.studio + "/members")
    page.get_by_role("button", name="Invite somebody").first.click()
    dialog = page.get_by_role("dialog", name="Invite somebody")
    dialog.get_by_role("textbox", name="Name", exact=True).fill(name)
    dialog.get_by_label("E-mail or user name").fill(login)
    dialog.get_by_role("radio", name=role).click()
    dialog.get_by_role("button", name="Invite", exact=True).click()
    shown = page.get_by_role("dialog", name="Sign-in link")
    link = shown.locator("pre").inner_text()
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row").filter(has_text=login)).to_contain_text("Invited")
    return link


def arrive(page: Page, link: str, password: str = PASSWORD) -> None:
    """By a link, choosing a password."""
    page.goto(link)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Welcome").wait_for()
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=again]").fill(password)
    page.get_by_role("button", name="Save the password").click()
    page.get_by_role("heading", name="Home", level=1).wait_for()


def act(page: Page, name: str, what: str | re.Pattern[str]) -> Locator:
    """Chooses from the menu of a row; the dialog that asks."""
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menuitem", name=what).click()
    return page.get_by_role("dialog")


@pytest.mark.parametrize("role", list(CLOSED_TO))
def test_each_role_sees_its_own_pages_and_nothing_that_is_refused(
    studio: Running, browser: Browser, page: Page, role: str
) -> None:
    link = invite(page, studio, f"{role} Person", f"{role.lower()}@example.com", role)
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status in {401, 403}:
            refused.append(f"{answer.status} {answer.url}")

    with visitor(browser) as theirs:
        arrive(theirs, link)
        theirs.on("response", note)
        for place in PLACES:
            theirs.goto(f"{studio.studio}/{place}")
            settled(theirs)
            closed = place in CLOSED_TO[role]
            shut = theirs.get_by_role("heading", name="You do not have access to this")
            expect(shut).to_have_count(1 if closed else 0)
            way = theirs.locator("nav.side").locator(f'a.nav[href$="/{place}"]')
            expect(way).to_have_count(0 if closed else 1)
    assert refused == []


def test_somebody_is_changed_shut_out_let_in_and_removed(
    studio: Running, browser: Browser, page: Page
) -> None:
    link = invite(page, studio, "Bruno", "bruno", "Maker")
    with visitor(browser) as theirs:
        arrive(theirs, link)
        page.goto(studio.studio + "/members")
        row = page.get_by_role("row").filter(has_text="bruno")
        dialog = act(page, "Bruno", "Disable")
        dialog.get_by_role("button", name="Disable").click()
        expect(row).to_contain_text("Disabled")
        theirs.goto(studio.studio + "/keys")
        expect(theirs.get_by_role("heading", name="Sign in", level=1)).to_be_visible()
        act(page, "Bruno", "Enable").get_by_role("button", name="Enable").click()
        expect(row).to_contain_text("Active")
    act(page, "Bruno", re.compile("Change name")).wait_for()
    elsewhere = page.context.new_page()
    elsewhere.goto(studio.studio + "/members")
    dialog = act(elsewhere, "Bruno", re.compile("Change name"))
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Bruno Second")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("Bruno Third")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Changed meanwhile")).to_be_visible()
    dialog.get_by_role("button", name="Load it again").click()
    expect(dialog.get_by_role("textbox", name="Name", exact=True)).to_have_value("Bruno Second")
    dialog.get_by_role("button", name="Cancel").click()
    act(page, "Bruno Second", "Remove").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("row").filter(has_text="bruno")).to_have_count(0)


def test_a_session_that_ends_is_taken_up_where_it_was(studio: Running, browser: Browser, page: Page) -> None:
    link = invite(page, studio, "Carla", "carla", "User")
    with visitor(browser) as theirs:
        arrive(theirs, link)
        theirs.get_by_role("link", name="Playground").click()
        theirs.get_by_label("Ask the model…").fill("half a question")
        page.reload()
        dialog = act(page, "Carla", "Sign out everywhere")
        dialog.get_by_role("button", name="Sign out everywhere").click()
        expect(dialog).to_have_count(0)
        again = theirs.get_by_role("dialog", name="Your session has ended")
        expect(again.locator("input[name=login]")).to_have_value("carla")
        again.locator("input[name=password]").fill(PASSWORD)
        again.get_by_role("button", name="Sign in", exact=True).click()
        expect(again).to_have_count(0)
        expect(theirs.get_by_label("Ask the model…")).to_have_value("half a question")


def test_guessing_is_paused_and_the_wait_is_told(
    studio: Running, browser: Browser, signed_in: StorageState
) -> None:
    with visitor(browser) as page:
        page.goto(studio.studio + "/")
        guess = {"login": "nobody-in-particular", "password": "a wrong password"}
        page.locator("input[name=login]").fill(guess["login"])
        tries = "(body, most) => Promise.all(Array.from({length: most}, () => fetch('api/v1/session', body)))"
        body = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": json.dumps(guess)}
        page.evaluate(f"([body, most]) => ({tries})(body, most).then(() => null)", [body, MOST_TOGETHER])
        page.locator("input[name=password]").fill(guess["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        paused = page.get_by_role("timer")
        expect(paused).to_have_text(re.compile(r"^1[0-4]:\d\d$"))
        first = paused.inner_text()
        expect(page.get_by_role("button", name="Wait")).to_be_disabled()
        expect(paused).not_to_have_text(first)


def test_a_key_is_limited_changed_renewed_and_ended(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/keys")
    page.get_by_role("button", name="New key").click()
    dialog = page.get_by_role("dialog", name="New key")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("website")
    models = dialog.get_by_role("combobox", name="Models it may use")
    models.fill("nothing/*")
    models.press("Enter")
    expect(dialog.get_by_text("No model here now fits")).to_be_visible()
    models.press("Tab")
    dialog.get_by_role("button", name="Create key").click()
    made = page.get_by_role("dialog", name="Your new key")
    first = made.locator("pre").first.inner_text()
    for snippet in ("Environment", "OpenAI SDK", "Anthropic SDK", "curl"):
        made.get_by_role("tab", name=snippet).click()
        expect(made.get_by_label(snippet, exact=True).last).to_contain_text(first)
    made.get_by_role("button", name="Done").click()
    assert studio.call("/v1/models", headers={"Authorization": f"Bearer {first}"})["data"] == []

    dialog = act(page, "website", "Change")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("web site")
    dialog.get_by_role("combobox", name="Models it may use").press("Backspace")
    dialog.get_by_role("combobox", name="Models it may use").press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="web site")).to_contain_text("All models")

    act(page, "web site", "Renew").get_by_role("button", name="Renew the secret").click()
    renewed = page.get_by_role("dialog", name="The new secret")
    second = renewed.locator("pre").first.inner_text()
    renewed.get_by_role("button", name="Done").click()
    assert second != first

    dialog = act(page, "web site", "Revoke")
    revoke = dialog.get_by_role("button", name="Revoke")
    expect(revoke).to_be_disabled()
    dialog.get_by_label("Type its name").fill("web site")
    revoke.click()
    expect(page.get_by_role("row").filter(has_text="web site")).to_have_count(0)


def test_a_service_token_does_for_a_script_what_pages_do(studio: Running, page: Page) -> None:
    page.goto(studio.studio + "/members?tab=tokens")
    page.get_by_role("button", name="New token").first.click()
    dialog = page.get_by_role("dialog", name="New token")
    dialog.get_by_role("textbox", name="Name", exact=True).fill("ci")
    dialog.get_by_role("radio", name="Auditor").click()
    dialog.get_by_role("button", name="Create token").click()
    made = page.get_by_role("dialog", name="Your new service token")
    secret = made.locator("pre").first.inner_text()
    expect(made.locator("pre").last).to_contain_text("curl ")
    made.get_by_role("button", name="Done").click()

    request = Request(studio.studio + "/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    with urlopen(request, timeout=30) as answer:
        assert json.load(answer)["role"] == "auditor"
    expect(page.get_by_text(secret)).to_have_count(0)
    page.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("No service tokens")).to_be_visible()


def test_a_name_is_given_a_meaning_and_tried(studio: Running, page: Page) -> None:
    model = f"local/{studio.models[-1]}"
    page.goto(studio.studio + "/settings/names")
    page.get_by_role("button", name="New alias").click()
    dialog = page.get_by_role("dialog", name="New alias")
    dialog.get_by_label("Programs ask for").fill("fast*")
    dialog.get_by_role("combobox", name="They get").fill(model)
    dialog.get_by_role("combobox", name="They get").press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row").filter(has_text="fast*")).to_contain_text(model)
    page.get_by_label("Name, as a program would ask for it").fill("faster")
    expect(page.locator(".meaning")).to_contain_text(model)
    page.get_by_role("button", name="Remove fast*").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No aliases")).to_be_visible()
