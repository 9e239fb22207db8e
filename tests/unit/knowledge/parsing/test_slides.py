import io

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from counterpoint.knowledge.parsing.slides import read
from counterpoint.knowledge.parsing.soundness import sound


def presentation() -> bytes:
    made = Presentation()
    made.core_properties.title = "Launch"
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "Why now"
    first.placeholders[1].text = "Market is ready"
    second = first.placeholders[1].text_frame.add_paragraph()
    second.text, second.level = "Rivals are slow", 1
    first.notes_slide.notes_text_frame.text = "Speak slowly."
    slide = made.slides.add_slide(made.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(2), Inches(1)).text_frame.text = "Grouped"
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    table.cell(0, 0).text, table.cell(1, 1).text = "Head", "Value"
    table.cell(0, 0).merge(table.cell(0, 1))
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["Q1", "Q2"]
    data.add_series("Sales", (1.5, 2.5))  # type: ignore[no-untyped-call]
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Growth"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def test_a_slide_is_a_page_with_its_title_texts_tables_charts_and_notes() -> None:
    parsed = read(presentation())
    assert sound(parsed)
    assert (parsed.pages, parsed.title) == (2, "Launch")
    found = [(b.kind, b.level, b.page, parsed.text[b.start : b.end]) for b in parsed.blocks]
    assert found == [
        ("heading", 1, 1, "Why now"),
        ("item", 1, 1, "Market is ready"),
        ("item", 2, 1, "Rivals are slow"),
        ("note", 0, 1, "Speak slowly."),
        ("paragraph", 0, 2, "Grouped"),
        ("table", 0, 2, "Head\n | Value"),
        ("caption", 0, 2, "Growth"),
        ("table", 0, 2, " | Sales\nQ1 | 1.5\nQ2 | 2.5"),
    ]
