import io

import docx

from counterpoint.knowledge.documents import Parsed
from counterpoint.knowledge.parsing.soundness import sound
from counterpoint.knowledge.parsing.word import read
from tests.office.making import paragraph, word


def blocks(parsed: Parsed) -> list[tuple[str, int, str]]:
    assert sound(parsed)
    return [(block.kind, block.level, parsed.text[block.start : block.end]) for block in parsed.blocks]


def test_a_document_of_the_usual_library_is_read() -> None:
    document = docx.Document()
    document.core_properties.author = "Ada"
    document.add_heading("Annual report", 0)
    document.add_heading("Sales", 2)
    document.add_paragraph("They grew.")
    document.add_paragraph("First", style="List Bullet")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    table = document.add_table(2, 3)
    for at, text in enumerate(("Region", "2023", "2024", "North", "1", "2")):
        table.cell(at // 3, at % 3).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    parsed = read(buffer.getvalue())
    assert blocks(parsed) == [
        ("heading", 1, "Annual report"),
        ("heading", 2, "Sales"),
        ("paragraph", 0, "They grew."),
        ("item", 1, "First"),
        ("table", 0, "Region | 2023 | 2024\nNorth | 1 | 2"),
    ]
    assert (parsed.title, parsed.author) == ("Annual report", "Ada")


def test_styles_make_headings_lists_captions_and_code() -> None:
    styles = (
        '<w:style w:styleId="T2"><w:name w:val="Titre 2"/></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="Own"/><w:basedOn w:val="T2"/></w:style>'
        '<w:style w:styleId="L"><w:name w:val="x"/><w:pPr><w:outlineLvl w:val="3"/></w:pPr></w:style>'
        '<w:style w:styleId="C"><w:name w:val="caption"/></w:style>'
        '<w:style w:styleId="P"><w:name w:val="Source Code"/></w:style>'
    )
    numbered = '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="4"/></w:numPr>'
    unnumbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    body = (
        paragraph("Un", "Own") + paragraph("Deux", "L") + paragraph("Figure 1", "C") + paragraph("Point", "", numbered)
        + paragraph("Texte", "", unnumbered) + paragraph("if x:", "P") + paragraph("y()", "P") + paragraph("Fin")
    )  # fmt: skip
    assert blocks(read(word(body, styles))) == [
        ("heading", 2, "Un"),
        ("heading", 4, "Deux"),
        ("caption", 0, "Figure 1"),
        ("item", 2, "Point"),
        ("paragraph", 0, "Texte"),
        ("code", 0, "if x:\ny()"),
        ("paragraph", 0, "Fin"),
    ]


def test_merged_cells_are_read_once_where_they_begin() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    wide, tall = cell("Wide", '<w:gridSpan w:val="2"/>'), cell("Tall", '<w:vMerge w:val="restart"/>')
    body = (
        f"<w:tbl><w:tr>{wide}{tall}</w:tr>"
        f"<w:tr>{cell('a')}{cell('b')}{cell('ignored', '<w:vMerge/>')}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("c")}{cell("d")}</w:tr>'
        "</w:tbl>"
    )
    parsed = read(word(body))
    assert parsed.text == "Wide |  | Tall\na | b\n | c | d"
    assert [(cell.row, cell.column) for cell in parsed.blocks[0].cells] == [
        (0, 0),
        (0, 2),
        (1, 0),
        (1, 1),
        (2, 1),
        (2, 2),
    ]


def test_a_table_of_one_cell_is_a_frame() -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('One')}{paragraph('Two')}</w:tc></w:tr></w:tbl>"
    assert blocks(read(word(body))) == [("paragraph", 0, "One"), ("paragraph", 0, "Two")]


def test_notes_and_comments_come_last() -> None:
    line = f'<w:footnote w:type="separator">{paragraph("-")}</w:footnote>'
    notes = f"{line}<w:footnote>{paragraph('See 2.')}</w:footnote>"
    comments = f"<w:comment>{paragraph('Really?')}</w:comment>"
    parsed = read(word(paragraph("Text"), footnotes=notes, comments=comments))
    assert blocks(parsed) == [("paragraph", 0, "Text"), ("note", 0, "See 2."), ("note", 0, "Really?")]


def test_changes_boxes_fields_and_formulas_read_as_they_show() -> None:
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('In a box')}</w:txbxContent></w:pict></w:r>"
    body = (
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:r><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t><w:noBreakHyphen/><w:t>z</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        f"{box}</w:p><w:sdt><w:sdtContent>{paragraph('Filled in')}</w:sdtContent></w:sdt>"
    )
    assert blocks(read(word(body))) == [
        ("paragraph", 0, "new x\ny-z1/2"),
        ("paragraph", 0, "In a box"),
        ("paragraph", 0, "Filled in"),
    ]


def test_nesting_as_deep_as_a_hostile_file_has_it_is_survived() -> None:
    body = "<w:sdt><w:sdtContent>" * 5000 + paragraph("deep") + "</w:sdtContent></w:sdt>" * 5000
    assert sound(read(word(body + paragraph("after"))))
