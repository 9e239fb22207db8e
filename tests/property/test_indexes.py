"""Every index against one that looks at everything: whatever is put, removed, allowed and revoked in whatever order,
an asker finds exactly what he may see, never a hidden passage, and all that is there."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Passage
from counterpoint.knowledge.index.port import Filter, Hit, Index, Indexed
from counterpoint.testing.exact_index import ExactIndex
from tests.indexes import DIMENSIONS, KINDS, fresh_index, vector

EVERYTHING = 1000
CLOSE = 2e-3

odd = st.sampled_from(
    [
        "a",
        "b",
        "o'brien",
        "back\\",
        "\\'",
        "''",
        '"',
        "%_",
        "x; --",
        "{c,d}",
        "NULL",
        "$1",
        "é",
        ":n",
        "?",
        "",
    ]
)
documents = odd.map("doc:{}".format)
principals = st.one_of(
    odd.map("group:{}".format), st.text(st.characters(codec="utf-8", exclude_characters="\0"))
)
several = st.frozensets(principals, max_size=3)
words = st.sampled_from(
    ["chat", "Chat", "été", "ete", "l'eau", "AND", "NOT", "a:b", "(x)", "c++", "*", '"q"', "\\n", "x'y"]
)
languages = st.sampled_from(["", "fr", "en"])
times = st.one_of(st.none(), st.integers(0, 3))


@st.composite
def indexed(draw: st.DrawFn) -> Indexed:
    id_, version = draw(documents), draw(st.sampled_from(["1", "2", "v'3"]))
    terms = draw(st.lists(st.lists(words, max_size=6).map(tuple), max_size=4))
    return Indexed(
        draw(odd),
        id_,
        version,
        draw(several),
        tuple(
            Passage(id_, version, number, 0, 9, " ".join(each), language=draw(languages))
            for number, each in enumerate(terms)
        ),
        tuple(terms),
        tuple(vector((id_, version, number)) for number in range(len(terms)))
        if draw(st.booleans())
        else None,
        draw(odd),
        draw(times),
    )


put = st.tuples(st.just("put"), st.lists(indexed(), max_size=4))
remove = st.tuples(st.just("remove"), st.frozensets(documents, max_size=3))
allow = st.tuples(st.just("allow"), st.dictionaries(documents, several, max_size=4))
tend = st.tuples(st.just("tend"))
filters = st.builds(
    Filter,
    several,
    sources=st.frozensets(odd, max_size=2),
    documents=st.frozensets(documents, max_size=2),
    languages=st.frozensets(languages, max_size=2),
    media_types=st.frozensets(odd, max_size=2),
    modified_from=times,
    modified_to=times,
)


def ids(hits: list[Hit]) -> set[tuple[str, str]]:
    return {(hit.passage.id, hit.source) for hit in hits}


def compare(index: Index, exact: ExactIndex, wanted: Filter, terms: list[str], *, tended: bool) -> None:
    assert index.count(wanted) == exact.count(wanted)
    assert index.count() == exact.count()
    direction = vector(terms, DIMENSIONS)
    got, right = (
        index.by_vector(direction, wanted, EVERYTHING),
        exact.by_vector(direction, wanted, EVERYTHING),
    )
    assert ids(got) == ids(right)
    assert all(abs(one.score - other.score) < CLOSE for one, other in zip(got, right, strict=True))
    got, right = index.by_terms(terms, wanted, EVERYTHING), exact.by_terms(terms, wanted, EVERYTHING)
    assert ids(got) == ids(right)
    assert sorted((hit.score for hit in got), reverse=True) == [hit.score for hit in got]
    if tended:
        assert all(abs(one.score - other.score) < CLOSE for one, other in zip(got, right, strict=True))
    assert len(index.by_terms(terms, wanted, 2)) == min(2, len(right))
    for hit in right:
        same = (hit.passage.document, hit.passage.version, wanted)
        assert index.passages(*same) == exact.passages(*same)


@pytest.mark.parametrize("kind", KINDS)
@given(st.lists(st.one_of(put, put, allow, remove, tend), min_size=1, max_size=6), st.data())
def test_what_is_found_is_what_may_be_seen(
    kind: str, steps: list[tuple[object, ...]], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, fresh_index(kind, Path(folder)) as index:
        exact = ExactIndex()
        for name, *values in steps:
            for each in (index, exact):
                getattr(each, str(name))(*values)
            asked = (data.draw(filters), data.draw(st.lists(words, max_size=3)))
            compare(index, exact, *asked, tended=name == "tend")
        # And for everybody who was ever named: most filters drawn at random find little.
        named = {one for step in steps for value in step[1:] for one in _named(value)}
        compare(index, exact, Filter(frozenset(named)), ["chat", "été", "AND"], tended=False)


def _named(value: object) -> set[str]:
    if isinstance(value, dict):
        return {one for readers in value.values() for one in readers}
    if isinstance(value, list):
        return {one for each in value for one in each.readers}
    return set()
