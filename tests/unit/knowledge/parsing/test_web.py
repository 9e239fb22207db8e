from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.soundness import sound
from counterpoint.knowledge.parsing.web import read

PAGE = """<!doctype html><html><head><title>Holidays | Intranet</title><meta name="author" content="HR">
<style>p {}</style></head><body><header>Intranet</header><nav><a href="/">Home</a></nav>
<div><h1>Holidays</h1><p>Everybody has <b>thirty</b> days.<br>More by
 agreement.</p><script>alert(1)</script><ul><li>Ask<ul><li>your boss</li></ul></li><li><p>Write it down</p></li></ul>
<table><caption>By year</caption><tr><th>Year</th><th colspan=2>Days</th></tr><tr><td rowspan=2>2024</td><td>30</td>
<td>x</td></tr><tr><td>31</td></tr></table><pre>a
  b</pre><p hidden>secret</p><p style="display: none">secret</p></div>
<footer>Imprint</footer></body></html>"""


def blocks(parsed: Parsed) -> list[tuple[str, int, str]]:
    assert sound(parsed)
    return [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks]


def test_the_content_is_read_and_what_surrounds_it_is_not() -> None:
    parsed = read(PAGE.encode())
    assert (parsed.title, parsed.author) == ("Holidays | Intranet", "HR")
    assert blocks(parsed) == [
        ("heading", 1, "Holidays"),
        ("paragraph", 0, "Everybody has thirty days.\nMore by agreement."),
        ("item", 1, "Ask"),
        ("item", 2, "your boss"),
        ("item", 1, "Write it down"),
        ("caption", 0, "By year"),
        ("table", 0, "Year | Days\n2024 | 30 | x\n | 31"),
        ("code", 0, "a\n  b"),
    ]


def test_an_element_that_says_it_is_the_main_content_is_believed_if_it_holds_enough() -> None:
    inner = "<p>This is what the page is about.</p>"
    assert blocks(read(f"<body><div>Menu</div><main>{inner}</main></body>".encode()))[0][2].startswith("This")
    outside = "<p>" + "All the words stand outside of it. " * 20 + "</p>"
    assert len(blocks(read(f"<body>{outside}<main>{inner}</main></body>".encode()))) == 2


def test_a_declared_encoding_is_followed() -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>été</p></body></html>'
    assert blocks(read(page.encode("latin-1"))) == [("paragraph", 0, "été")]


def test_a_table_that_lays_out_a_page_is_none() -> None:
    page = "<table><tr><td><h1>Title</h1><p>Text</p></td></tr><tr><td>More</td></tr></table>"
    assert [kind for kind, _, _ in blocks(read(page.encode()))] == ["heading", "paragraph", "paragraph"]


def test_deep_nesting_is_survived() -> None:
    assert sound(read(b"<div>" * 20_000 + b"deep"))


@given(st.text(alphabet="<>/=\"' abpdivtrlhu1&;", max_size=300))
def test_any_text_ends_sound(text: str) -> None:
    assert sound(read(text.encode()))


def test_an_encoding_may_be_declared_as_xml_does() -> None:
    page = '<?xml version="1.0" encoding="windows-1251"?>\n<html><body><p>Привет</p></body></html>'
    assert read(page.encode("cp1251")).text == "Привет"
