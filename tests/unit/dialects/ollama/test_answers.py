"""What an answer of another dialect loses here."""

from counterpoint.canonical import Audio, Citation, Image, Loss, Media, Opaque, Part, Refusal, Text, ToolCall
from counterpoint.dialects.ollama.answers import adapted_part


def adapted(part: Part) -> tuple[Part | None, list[str]]:
    losses: list[Loss] = []
    return adapted_part(part, "choices[0].parts[0]", losses), [loss.code for loss in losses]


def test_parts_are_said_or_declared() -> None:
    picture = Image(Media("data", "AAAA", "image/png"))
    assert adapted(picture) == (picture, [])
    assert adapted(Refusal("No.")) == (Text("No."), ["refusal"])
    assert adapted(Audio(transcript="Hi")) == (Text("Hi"), ["audio"])
    assert adapted(Text("Hi", (Citation(url="u"),))) == (Text("Hi"), ["text.citations"])
    assert adapted(Opaque("other", "web", {})) == (None, ["part.web"])
    custom, lost = adapted(ToolCall("c", "f", "words", "custom"))
    assert isinstance(custom, ToolCall)
    assert (custom.arguments, lost) == ('{"input":"words"}', ["tool_call.custom"])
