from hypothesis import given
from hypothesis import strategies as st

from counterpoint.knowledge.parsing.markup import read
from counterpoint.knowledge.parsing.soundness import sound

TEXT = """---
title: "The plan"
author: Ada
---
# One

A *word* with a [link](http://e.org) and `code`,
on two lines.

- first
  - inner

    more of it
1. second

| a | b |
|---|---|
| 1 | **2** |

```python
x = 1
```

<div>kept <b>words</b></div>
"""


def test_markdown_becomes_blocks() -> None:
    parsed = read(TEXT.encode())
    assert sound(parsed)
    assert (parsed.title, parsed.author) == ("The plan", "Ada")
    assert [(b.kind, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks] == [
        ("heading", 1, "One"),
        ("paragraph", 0, "A word with a link and code, on two lines."),
        ("item", 1, "first"),
        ("item", 2, "inner"),
        ("paragraph", 0, "more of it"),
        ("item", 1, "second"),
        ("table", 0, "a | b\n1 | 2"),
        ("code", 0, "x = 1"),
        ("paragraph", 0, "kept words"),
    ]


@given(st.text(alphabet="#*-|>`[]()<>! \n\tab1.", max_size=200))
def test_any_text_ends_sound(text: str) -> None:
    assert sound(read(text.encode()))


def test_deep_nesting_is_survived() -> None:
    assert sound(read(b">" * 20_000 + b" x"))
    assert sound(read(b"[" * 20_000))
