"""A platform with people, groups, documents and rights that change all the time, and a plain account of who may see
what, kept apart from it. Every document has words that no other has, so that a trace of it is found wherever it
stands."""

import hashlib
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from fastapi.testclient import TestClient

from counterpoint.app.compose import Control
from counterpoint.control.roles import Role
from counterpoint.knowledge import rights
from counterpoint.knowledge.index.port import Index, Vector
from counterpoint.knowledge.syncing.rights import tell_index
from counterpoint.storage import knowledge_readers as readers
from tests.papers import Papers, Person

DIMENSIONS = 16
TOPICS = ("contract", "budget", "holiday", "notice", "salary", "machine", "safety", "travel")
PEOPLE: Mapping[str, Role] = {
    "olga": "owner",
    "mark": "maker",
    "audrey": "auditor",
    "ulla": "user",
    "uwe": "user",
    "una": "user",
}


class WordEmbedder:
    """Vectors of the words that many documents have; those that one alone has say nothing."""

    name = "words"
    dimensions = DIMENSIONS

    def questions(self, texts: Sequence[str]) -> Sequence[Vector]:
        return [_vector(text) for text in texts]

    passages = questions


def _vector(text: str) -> Vector:
    sums = [0.01] * DIMENSIONS
    for word in text.lower().split():
        if word in TOPICS:
            chance = random.Random(word)
            sums = [one + chance.gauss(0, 1) for one in sums]
    length = sum(one * one for one in sums) ** 0.5
    return [one / length for one in sums]


@dataclass
class Paper:
    """A document, as this account has it. `marks`: words that it alone has: of its title, its path, its text."""

    id: str
    source: str
    marks: Mapping[str, str]
    readers: frozenset[str]
    topic: str
    gone: bool = False


@dataclass
class Known:
    """Somebody, as this account has him."""

    person: Person
    groups: set[str] = field(default_factory=set)
    receipts: list[str] = field(default_factory=list)

    @property
    def role(self) -> Role:
        return self.person.role

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def id(self) -> str:
        return self.person.id

    @property
    def browser(self) -> TestClient:
        return self.person.browser


class World(Papers):
    """`control`: an installation that is new. `index`: an empty one."""

    def __init__(self, control: Control, index: Index, folder: Path, seed: int) -> None:
        super().__init__(control, folder, index, WordEmbedder)
        self.chance = random.Random(seed)
        self.people = [Known(self.person(name, role)) for name, role in PEOPLE.items()]
        self.groups = [self.group(f"{name} {self.chance.random()}") for name in ("Red", "Blue", "Green")]
        self.papers: list[Paper] = []

    # What happens

    def fill(self, sources: int, papers: int) -> None:
        """Sources with documents in each, read and found."""
        for number in range(sources):
            source = self.source(f"Source {number}")
            self.papers += [self._paper(source) for _ in range(papers)]
        self.read()
        for paper in self.papers:
            self._let(paper, self._some_readers())

    def _paper(self, source: str) -> Paper:
        marks = {kind: self._mark() for kind in ("title", "path", "text", "more")}
        topic = self.chance.choice(TOPICS)
        text = (
            f"About {marks['title']}\n\nThe {topic} of {marks['text']} is {self.chance.randint(2, 90)} days long. "
            f"It was signed by {marks['more']} for the {self.chance.choice(TOPICS)}."
        )
        return Paper(self.upload(source, f"{marks['path']}.txt", text), source, marks, frozenset(), topic)

    def _mark(self) -> str:
        digest = hashlib.sha256(self.chance.randbytes(16)).hexdigest()
        return "zq" + "".join(chr(ord("b") + int(sign, 16)) for sign in digest[:10])

    def _some_readers(self) -> frozenset[str]:
        choice = self.chance.random()
        if choice < 0.15:
            return frozenset()
        if choice < 0.25:
            return frozenset({rights.everybody(self.organisation)})
        everyone = [rights.user(person.id) for person in self.people]
        everyone += [rights.group(group) for group in self.groups]
        return frozenset(self.chance.sample(everyone, self.chance.randint(1, 3)))

    def _let(self, paper: Paper, wanted: frozenset[str]) -> None:
        """As a sync of rights finds it."""
        paper.readers = wanted
        with self.control.database.write() as connection:
            readers.put(connection, {paper.id: wanted})

    def change(self) -> None:
        """Something about rights, at random; now and then the index hears of it."""
        happening: Sequence[Callable[[], None]] = (
            self._other_readers,
            self._other_readers,
            self._other_members,
            self._other_members,
            self._no_group,
            self._no_source,
            self._heard,
        )
        weights = (30, 30, 30, 30, 2, 0.3, 20)
        self.chance.choices(happening, weights)[0]()

    def _other_readers(self) -> None:
        self._let(self.chance.choice(self.present()), self._some_readers())

    def _other_members(self) -> None:
        group = self.chance.choice(self.groups)
        members = self.chance.sample(self.people, self.chance.randint(0, 4))
        for person in self.people:
            person.groups.discard(group)
        for person in members:
            person.groups.add(group)
        answer = self.operator.put(
            f"/api/v1/groups/{group}/members",
            json={"accounts": [person.id for person in members]},
            headers={"If-Match": "*"},
        )
        assert answer.status_code == 200

    def _no_group(self) -> None:
        group = self.groups.pop(self.chance.randrange(len(self.groups)))
        assert self.operator.delete(f"/api/v1/groups/{group}").status_code == 204
        for person in self.people:
            person.groups.discard(group)
        self.groups.append(self.group(f"New {self.chance.random()}"))

    def _no_source(self) -> None:
        sources = sorted({paper.source for paper in self.present()})
        if len(sources) < 3:
            return
        source = self.chance.choice(sources)
        assert self.operator.delete(f"/api/v1/sources/{source}").status_code == 204
        for paper in self.papers:
            paper.gone = paper.gone or paper.source == source

    def _heard(self) -> None:
        tell_index(self.means)

    # The account of it

    def present(self) -> list[Paper]:
        """Those that are there."""
        return [paper for paper in self.papers if not paper.gone]

    def may_see(self, person: Known, paper: Paper) -> bool:
        """Now."""
        mine = {rights.user(person.id), rights.everybody(self.organisation)}
        mine |= {rights.group(group) for group in person.groups}
        return not paper.gone and bool(mine & paper.readers)

    def leaks(
        self, person: Known, answer: httpx2.Response, said: str = "", *, names: bool = False
    ) -> list[str]:
        """What the answer tells him that he may not know. `said`: what he has said himself. `names`: he may know which
        documents there are, though not what they say."""
        body = answer.text + str(answer.headers)
        found = []
        for paper in self.papers:
            if self.may_see(person, paper):
                continue
            kinds = ("text", "more") if names else ("title", "path", "text", "more")
            told = [paper.marks[kind] for kind in kinds]
            if not names:
                told.append(paper.id)
            found += [mark for mark in told if mark in body and mark not in said]
        return found
