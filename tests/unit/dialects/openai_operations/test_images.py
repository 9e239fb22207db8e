"""Pictures are counted by tokens or by the piece of their kind."""

import pytest

from counterpoint.canonical import Usage
from counterpoint.dialects.base import Target
from counterpoint.dialects.openai_operations import OpenAIImages

TARGET = Target("m")


@pytest.mark.parametrize(
    ("asked", "answer", "usage", "unit"),
    [
        (b"{}", b'{"data":[{},{}]}', Usage(images=2), "1024x1024"),
        (b'{"size":"256x256"}', b'{"data":[{}]}', Usage(images=1), "256x256"),
        (b'{"quality":"hd","size":"auto"}', b'{"data":[{}]}', Usage(images=1), "hd/1024x1024"),
        (b"{}", b'{"data":[{}],"size":"1x2","quality":"low"}', Usage(images=1), "low/1x2"),
        (
            b"{}",
            b'{"data":[{}],"usage":{"input_tokens":1,"output_tokens":2}}',
            Usage(input=1, image_out=2),
            "1024x1024",
        ),
    ],
)
def test_what_is_counted(asked: bytes, answer: bytes, usage: Usage, unit: str) -> None:
    meter = OpenAIImages().meter(asked, "application/json", TARGET)
    assert meter.whole(answer) == answer
    assert (meter.usage, meter.unit) == (usage, unit)


def test_a_picture_that_is_streamed() -> None:
    meter = OpenAIImages().meter(b"{}", "application/json", TARGET)
    meter.event(b'{"type":"image_generation.partial_image","b64_json":"x"}')
    assert not meter.usage.reported
    meter.event(b'{"type":"image_edit.completed","size":"1x1","quality":"high"}')
    assert (meter.usage, meter.unit, meter.ended) == (Usage(images=1), "high/1x1", True)
