import threading
import uuid
from collections.abc import Iterator

import msgspec
import pytest
from sqlalchemy import text

from counterpoint.knowledge.index.port import OtherDimensions
from counterpoint.knowledge.index.postgresql import PostgresqlIndex
from counterpoint.testing.exact_index import ExactIndex
from tests.databases import postgresql
from tests.indexes import DIMENSIONS, agree_on_the_nearest, asker, document, found

STAFF = asker("group:staff")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgresql().fresh(migrated=False) as fresh:
        yield fresh


@pytest.fixture
def index(url: str) -> Iterator[PostgresqlIndex]:
    opened = PostgresqlIndex(url, DIMENSIONS, place=uuid.uuid4().hex, brute_force=500)
    yield opened
    opened.close()


def totals(index: PostgresqlIndex) -> dict[str, int]:
    """What is counted besides passages, by the tables themselves."""
    with index._database.read() as connection:
        asked = {
            "postings": "SELECT count(*) FROM {s}.postings",
            "passages": "SELECT passages FROM {s}.totals",
            "length": "SELECT length FROM {s}.totals",
            "in passages": "SELECT coalesce(sum(passages), 0) FROM {s}.terms",
        }
        schema = index._schema
        return {
            name: connection.execute(text(one.format(s=schema))).scalar_one() for name, one in asked.items()
        }


def test_scores_are_those_of_bm25(index: PostgresqlIndex) -> None:
    exact = ExactIndex()
    some = [
        document(f"d{n}", *(" ".join(["a", "b", "c"][: 1 + at % 3]) * (1 + n % 2) for at in range(5)))
        for n in range(9)
    ]
    for each in (index, exact):
        each.put(some)
    got, right = (each.by_terms(["b", "c", "zz"], STAFF, 100) for each in (index, exact))
    assert [hit.passage.id for hit in got] == [hit.passage.id for hit in right]
    assert [hit.score for hit in got] == pytest.approx([hit.score for hit in right])


def test_counts_of_terms_follow_what_is_put_and_removed(index: PostgresqlIndex) -> None:
    index.put([document("a", "one one two", "three"), document("b", "one")])
    assert totals(index) == {"postings": 4, "passages": 3, "length": 5, "in passages": 4}
    for _ in range(2):
        index.put([document("a", "two", version="2")])
        assert totals(index) == {"postings": 2, "passages": 2, "length": 2, "in passages": 2}
    index.remove(["a", "b", "unknown"])
    assert totals(index) == {"postings": 0, "passages": 0, "length": 0, "in passages": 0}
    index.tend()
    assert index.count() == 0


def test_nothing_of_a_put_that_fails_stays(index: PostgresqlIndex) -> None:
    index.put([document("a", "one")])
    before = totals(index)
    broken = msgspec.structs.replace(document("b", "two"), vectors=((1.0, 0.0),))
    with pytest.raises(Exception, match="dimensions"):
        index.put([document("a", "other", version="2"), broken])
    assert totals(index) == before
    assert found(index.by_terms(["one"], STAFF, 10)) == ["one"]


def test_the_graph_finds_what_comparing_all_finds(index: PostgresqlIndex) -> None:
    agree_on_the_nearest(index)
    with index._database.read() as connection:
        built = connection.execute(
            text("SELECT to_regclass(:name)"), {"name": f"{index._schema}.passages_vector"}
        )
        assert built.scalar() is not None


def test_several_writers_count_right(index: PostgresqlIndex) -> None:
    def write(seed: int) -> None:
        for turn in range(10):
            index.put(
                [document("shared", *[f"word {seed}"] * (1 + turn % 3)), document(f"own{seed}", "word")]
            )
            index.allow({"shared": frozenset({"group:staff"}), f"own{seed}": frozenset({"group:staff"})})

    writers = [threading.Thread(target=write, args=(seed,)) for seed in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    passages = index.count()
    assert passages == 4  # the tenth turn puts one passage
    assert totals(index) == {"postings": 5, "passages": 4, "length": 5, "in passages": 5}


def test_organisations_see_nothing_of_each_other(url: str, index: PostgresqlIndex) -> None:
    other = PostgresqlIndex(url, DIMENSIONS, place="other")
    index.put([document("a", "one")])
    assert other.count() == 0
    assert not other.by_terms(["one"], STAFF, 10)
    other.close()


def test_vectors_of_another_model_are_told(url: str) -> None:
    PostgresqlIndex(url, DIMENSIONS, place="dimensions").close()
    with pytest.raises(OtherDimensions, match=f"{DIMENSIONS}.*{DIMENSIONS * 2}"):
        PostgresqlIndex(url, DIMENSIONS * 2, place="dimensions")


def test_a_term_that_postgresql_cannot_hold_is_left_out(index: PostgresqlIndex) -> None:
    index.put([document("a", "one t\0wo")])
    assert len(index.by_terms(["one", "t\0wo"], STAFF, 10)) == 1
