"""Options and the rest of a request's settings."""

from counterpoint.canonical import OutputFormat, ReasoningSettings
from tests.unit.dialects.ollama.bodies import DIALECT, asked


def test_options_are_settings_of_the_hub_where_it_has_them() -> None:
    options = {"num_predict": 9, "temperature": 0, "top_k": 3, "seed": 1, "stop": ["x"], "num_ctx": 4096}
    request = DIALECT.decode_request(asked(options=options))
    assert (request.max_output, request.temperature, request.top_k, request.seed) == (9, 0, 3, 1)
    assert request.stop == ("x",)
    assert request.extensions["ollama-chat"]["options.num_ctx"] == 4096


def test_no_limit_is_no_setting() -> None:
    assert DIALECT.decode_request(asked(options={"num_predict": -1})).max_output is None


def test_thinking_is_on_off_or_so_much() -> None:
    assert DIALECT.decode_request(asked(think=True)).reasoning == ReasoningSettings("on")
    assert DIALECT.decode_request(asked(think=False)).reasoning == ReasoningSettings("off")
    assert DIALECT.decode_request(asked(think="low")).reasoning == ReasoningSettings(effort="low")


def test_the_form_of_an_answer() -> None:
    assert DIALECT.decode_request(asked(format="json")).output == OutputFormat("json")
    schema = {"type": "object"}
    assert DIALECT.decode_request(asked(format=schema)).output == OutputFormat("json_schema", schema)
