from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from counterpoint.api.pages.layout import Html, document, join, tag, text


def test_tags_nest_and_text_is_escaped() -> None:
    assert (
        tag("p", "a < b & c", tag("b", "x"), class_="soft") == '<p class="soft">a &lt; b &amp; c<b>x</b></p>'
    )
    assert tag("input", required="", name=None) == '<input required="">'
    assert tag("td", "1", data_label="a") == '<td data-label="a">1</td>'
    assert isinstance(join(["a", Html("<i>")]), Html)


@given(st.text(), st.text())
def test_no_text_becomes_markup(content: str, attribute: str) -> None:
    found: list[tuple[str, object]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, name: str, attributes: object) -> None:
            found.append((name, attributes))

    reader = Reader(convert_charrefs=True)
    reader.feed(tag("p", content, title=attribute))
    reader.close()
    assert [name for name, _ in found] == ["p"]
    assert text(content) == text(text(content))


def test_a_document_names_its_language_and_title() -> None:
    page = bytes(document("fr", "Titre", main=tag("p", "x")).body).decode()
    assert page.startswith('<!doctype html><html lang="fr">')
    assert "<title>Titre" in page
    assert 'name="viewport"' in page
