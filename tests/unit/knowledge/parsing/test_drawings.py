from counterpoint.knowledge.parsing.draft import Draft
from counterpoint.knowledge.parsing.drawings import add_drawings, text_of_drawing
from counterpoint.knowledge.parsing.ooxml import Package, parse_xml
from counterpoint.knowledge.parsing.soundness import sound
from tests.office.making import archive

CHART = (
    "<chartSpace><chart><title><tx><rich><p><r><t>Growth</t></r></p></rich></tx></title><plotArea>"
    "<ser><tx><v>North</v></tx><cat><pt idx='0'><v>Q1</v></pt><pt idx='1'><v>Q2</v></pt></cat>"
    "<val><pt idx='0'><v>1</v></pt><pt idx='1'><v>2</v></pt></val></ser>"
    "<ser><tx><v>South</v></tx><val><pt idx='1'><v>4</v></pt></val></ser></plotArea></chart></chartSpace>"
)
DIAGRAM = "<dataModel><ptLst><pt><t><p><r><t>First step</t></r></p></t></pt><pt/></ptLst></dataModel>"


def test_charts_become_tables_and_diagrams_lists() -> None:
    package, draft = Package(archive({"c.xml": CHART, "d.xml": DIAGRAM})), Draft()
    frame = parse_xml(b"<frame><chart id='r1'/><relIds dm='r2'/><chart id='gone'/></frame>")
    add_drawings(package, draft, frame, {"r1": ("chart", "c.xml"), "r2": ("diagramData", "d.xml")})
    parsed = draft.finish()
    assert sound(parsed)
    assert [(block.kind, parsed.text[block.start : block.end]) for block in parsed.blocks] == [
        ("caption", "Growth"),
        ("table", " | North | South\nQ1 | 1\nQ2 | 2 | 4"),
        ("item", "First step"),
    ]


def test_the_text_of_a_paragraph_has_its_breaks() -> None:
    assert text_of_drawing(parse_xml(b"<p><r><t>a</t></r><br/><r><t>b</t></r></p>")) == "a\nb"
