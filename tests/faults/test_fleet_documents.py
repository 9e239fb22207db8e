"""Documents on several machines, contents and index in a bucket, or the index in PostgreSQL: all studios and workers
are one library, and a right that is withdrawn at one is withdrawn at all."""

from collections.abc import Iterator

import pytest

from tests.buckets import buckets
from tests.faults.fleet import Fleet, wait_until
from tests.faults.test_fleet import ask

pytestmark = [pytest.mark.xdist_group("fleet"), pytest.mark.timeout(900)]
WORDS = "zygomorphic kestrel"


@pytest.fixture(scope="module", params=["lance", "postgresql"])
def fleet(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    server = buckets()
    more = f'[knowledge]\nstore = "{server.url()}"\nindex = "{request.param}"\n'
    made = Fleet(tmp_path_factory.mktemp("documents"), more, server.environment)
    yield made
    made.close()


class Library:
    """What the API of one studio says."""

    def __init__(self, studio: str, token: str) -> None:
        self._api = f"{studio}/api/v1"
        self._token = token

    def put(self, source: str, name: str, content: str) -> str:
        """The document's id."""
        made = ask(f"{self._api}/sources/{source}/files?name={name}", content.encode(), token=self._token)
        return str(made["id"])

    def add(self, name: str) -> str:
        """A source that everybody may see; its id."""
        body = {"name": name, "kind": "upload", "readers": ["all"]}
        return str(ask(f"{self._api}/sources", body, token=self._token)["id"])

    def found(self, words: str) -> list[str]:
        """Paths."""
        answer = ask(f"{self._api}/search", {"question": words}, token=self._token)
        return [item["path"] for item in answer["items"]]

    def tell(self, source: str, **change: object) -> None:
        """Changes a source."""
        url = f"{self._api}/sources/{source}"
        revision = ask(url, token=self._token)["revision"]
        ask(url, change, token=self._token, method="PATCH", match=f'"{revision}"')

    def remove(self, document: str) -> None:
        """One that was uploaded."""
        ask(f"{self._api}/documents/{document}", token=self._token, method="DELETE")


def test_they_are_one_library(fleet: Fleet) -> None:
    studios = [fleet.start("studio", name, "--admin-port", "0") for name in ("studio-1", "studio-2")]
    workers = [fleet.start("worker", name) for name in ("worker-1", "worker-2")]
    token = fleet.environment["COUNTERPOINT_ADMIN_TOKEN"]
    one, two = (Library(studio.told["studio"], token) for studio in studios)

    # What is brought to one studio, some worker reads, and the other studio finds.
    source = one.add("Birds")
    for number in range(8):
        one.put(source, f"{number}.md", f"# Bird {number}\n\nThe {WORDS} number {number} sings.\n")
    wait_until(lambda: len(two.found(WORDS)) == 8)
    assert one.found(WORDS) == two.found(WORDS)

    # A worker that dies leaves nothing undone.
    workers[0].process.kill()
    workers[0].process.wait()
    document = two.put(source, "late.md", f"# Late\n\nThe late {WORDS} sings.\n")
    wait_until(lambda: "late.md" in one.found(WORDS))
    assert sorted(one.found(WORDS)) == sorted({*(f"{number}.md" for number in range(8)), "late.md"})

    # What is taken away at one is found at none in the next question, whatever the index still holds.
    two.remove(document)
    assert "late.md" not in one.found(WORDS)
    one.tell(source, readers=[])
    assert two.found(WORDS) == []
    one.tell(source, readers=["all"])
    wait_until(lambda: len(two.found(WORDS)) == 8)
    for part in (*studios, workers[1]):
        assert part.stop() == 0, part.log.read_text()[-2000:]
