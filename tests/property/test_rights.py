"""Nobody learns anything of a document that he may not see at that moment, by whatever door he asks.

Some thousand questions in CI; `COUNTERPOINT_RIGHTS_QUESTIONS=100000 pytest tests/property/test_rights.py` for as many
as one wants."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from hypothesis import settings

from counterpoint.app.compose import open_control
from counterpoint.app.settings import Settings
from counterpoint.knowledge.index.lance import LanceIndex
from counterpoint.testing.exact_index import ExactIndex
from tests.property.rights_world import DIMENSIONS, TOPICS, Known, Paper, World

QUESTIONS = int(
    os.environ.get("COUNTERPOINT_RIGHTS_QUESTIONS")
    or {"ci": 1000, "deep": 20_000, "quick": 60}.get(settings.get_current_profile_name(), 200)
)
SEED = int(os.environ.get("COUNTERPOINT_RIGHTS_SEED", "20261122"))
ADMINISTERS = {"owner", "maker", "auditor"}


@pytest.fixture(params=["lance", "exact"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with open_control(Settings(data=tmp_path / "data")) as control:
        index = LanceIndex(str(tmp_path / "index"), DIMENSIONS) if request.param == "lance" else ExactIndex()
        made = World(control, index, tmp_path, SEED)
        made.fill(sources=4, papers=6)
        yield made
        index.close()


class Asking:
    """One person's question after another's."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seen = 0
        self.refused = 0

    def one(self) -> None:
        """By a door at random."""
        doors: tuple[Callable[[Known, Paper], None], ...] = (
            self.search,
            self.answer,
            self.receipts,
            self.document,
            self.narrowed,
            self.filters,
            self.administration,
            self.trace,
            self.same_as_absent,
        )
        chance = self.world.chance
        weights = (20, 12, 10, 30, 8, 6, 8, 4, 10)
        door = chance.choices(doors, weights)[0]
        door(chance.choice(self.world.people), chance.choice(self.world.papers))

    def search(self, person: Known, paper: Paper) -> None:
        """By its own word, or by one that many have."""
        words = f"{paper.marks['text']} {self.world.chance.choice(TOPICS)}"
        answer = person.browser.post("/api/v1/search", json={"question": words, "limit": 50})
        self.check(person, answer, words)
        if answer.status_code == 200 and self.world.may_see(person, paper):
            self.seen += paper.marks["more"] in answer.text

    def answer(self, person: Known, paper: Paper) -> None:
        """With its receipt."""
        words = f"How many days is the {paper.topic} of {paper.marks['text']}?"
        answer = person.browser.post("/api/v1/answers", json={"question": words})
        self.check(person, answer, words)
        if answer.status_code == 201:
            self.seen += answer.json()["found"]
            person.receipts.append(answer.json()["receipt"])
            receipt = person.browser.get(f"/api/v1/receipts/{person.receipts[-1]}")
            self.check(person, receipt, words, names=person.role in {"owner", "auditor"})

    def receipts(self, person: Known, paper: Paper) -> None:
        """One's own from before, and those of others. What was asked is the asker's own word."""
        whose = self.world.chance.choice(self.world.people)
        said = " ".join(each.marks["text"] for each in self.world.papers)
        audits = person.role in {"owner", "auditor"}
        self.check(person, person.browser.get("/api/v1/receipts?limit=20"), said, names=audits)
        for receipt in whose.receipts[-2:]:
            answer = person.browser.get(f"/api/v1/receipts/{receipt}")
            assert answer.status_code == (200 if audits or whose is person else 404)
            self.check(person, answer, said + receipt, names=audits)
            withheld = person.browser.get(f"/api/v1/receipts/{receipt}/withheld")
            assert withheld.status_code == (200 if audits else 403)
            self.check(person, withheld, said, names=audits)

    def document(self, person: Known, paper: Paper) -> None:
        """Whatever the API has below it."""
        base = f"/api/v1/documents/{paper.id}"
        for below in ("passages", "content", "pages/1"):
            answer = person.browser.get(f"{base}/{below}")
            self.check(person, answer, paper.id)
            may = self.world.may_see(person, paper) and person.role != "auditor"
            if below != "pages/1":
                assert (answer.status_code == 200) is may, f"{person.name} {answer.status_code} {answer.text}"
                self.seen += may and paper.marks["text"] in answer.text
            self.refused += not may
        shown = person.browser.get(base)
        self.check(person, shown, paper.id, names=person.role in ADMINISTERS)
        if person.role == "user":
            assert (shown.status_code == 200) is self.world.may_see(person, paper)
        for below in ("readers", "why?account=una"):
            answer = person.browser.get(f"{base}/{below}")
            assert (answer.status_code == 403) is (person.role == "user")
            self.check(person, answer, paper.id, names=person.role in ADMINISTERS)

    def narrowed(self, person: Known, paper: Paper) -> None:
        """To what one may not know of."""
        for field, value in (("documents", paper.id), ("sources", paper.source)):
            body = {"question": paper.topic, field: [value]}
            self.check(person, person.browser.post("/api/v1/search", json=body), f"{paper.topic} {value}")

    def filters(self, person: Known, paper: Paper) -> None:
        """What is offered."""
        answer = person.browser.get("/api/v1/search/filters")
        self.check(person, answer, "")
        if answer.status_code == 200:
            offered = {each["id"] for each in answer.json()["sources"]}
            visible = {each.source for each in self.world.papers if self.world.may_see(person, each)}
            assert offered == visible

    def administration(self, person: Known, paper: Paper) -> None:
        """Whoever administers sources knows which documents there are, and no more."""
        names = person.role in ADMINISTERS
        for path in (
            "/api/v1/sources",
            f"/api/v1/sources/{paper.source}",
            f"/api/v1/sources/{paper.source}/documents",
        ):
            answer = person.browser.get(path)
            assert (answer.status_code == 403) is (not names)
            self.check(person, answer, paper.source, names=names)

    def trace(self, person: Known, paper: Paper) -> None:
        """Over what one may see oneself."""
        words = f"{paper.topic} {paper.marks['text']}"
        answer = person.browser.post("/api/v1/search/trace", json={"question": words, "limit": 50})
        self.check(person, answer, words)

    def same_as_absent(self, person: Known, paper: Paper) -> None:
        """A document that is hidden is as one that never was: in words, in counts, in errors."""
        if self.world.may_see(person, paper) or person.role == "auditor":
            return
        word, other = paper.marks["text"], "zqnobodyhasit"
        for path, name in (("search", "items"), ("answers", "claims")):
            there, absent = (
                person.browser.post(
                    f"/api/v1/{path}", json={"question": f"What is the {paper.topic} of {each}?"}
                )
                for each in (word, other)
            )
            assert there.status_code == absent.status_code
            assert there.json()[name] == absent.json()[name]
            assert there.text.count("{") == absent.text.count("{")
        never = "01a00000-0000-7000-8000-000000000000"
        for below in ("/passages", "/content", "/pages/1", *(("",) if person.role == "user" else ())):
            there, absent = (
                person.browser.get(f"/api/v1/documents/{id_}{below}") for id_ in (paper.id, never)
            )
            assert there.status_code == absent.status_code == 404
            assert there.text.replace(paper.id, never) == absent.text
            assert {**there.headers, "content-length": ""} == {**absent.headers, "content-length": ""}
        self.refused += 1

    def check(self, person: Known, answer: httpx2.Response, said: str, *, names: bool = False) -> None:
        """It tells nothing that he may not know, and is no failure of ours."""
        assert answer.status_code < 500, f"{answer.request.url} {answer.text}"
        leaked = self.world.leaks(person, answer, said, names=names)
        assert not leaked, (
            f"{person.name} ({person.role}) learned {leaked} by {answer.request.url}: {answer.text}"
        )


@pytest.mark.timeout(max(300, QUESTIONS))
def test_nobody_learns_of_what_he_may_not_see(world: World) -> None:
    asking = Asking(world)
    for _ in range(QUESTIONS):
        if world.chance.random() < 0.4:
            world.change()
        asking.one()
    assert asking.seen > QUESTIONS / 20, "whoever may see something sees it"
    assert asking.refused > QUESTIONS / 20, "and whoever may not was asked about it"
