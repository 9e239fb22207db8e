"""LangChain's two chat models and its embeddings, by their base URL alone."""

from typing import Any

import pytest
from langchain_anthropic import ChatAnthropic
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from pydantic import BaseModel, SecretStr

from tests.clients.conftest import CHATTY, WORDY
from tests.running import Running

LOCAL = "smollm2-135m-instruct"


class Person(BaseModel):
    """Somebody."""

    name: str
    age: int


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"21 degrees in {city}"


def speaking(kind: str, gateway: Running, model: str) -> BaseChatModel:
    key = SecretStr(gateway.key)
    if kind == "openai":
        return ChatOpenAI(model=model, base_url=f"{gateway.gateway}/v1", api_key=key, max_retries=0)
    return ChatAnthropic(
        model_name=model, base_url=gateway.gateway, api_key=key, max_retries=0, timeout=60, stop=None
    )


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize("model", [CHATTY, WORDY, LOCAL])
def test_a_chain_is_answered_and_streamed(gateway: Running, kind: str, model: str) -> None:
    chat = speaking(kind, gateway, model)
    answer = chat.invoke("Say exactly: pong")
    assert answer.text
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 0
    assert "".join(chunk.text for chunk in chat.stream("Say exactly: pong"))


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_a_tool_goes_round(gateway: Running, kind: str, model: str) -> None:
    chat = speaking(kind, gateway, model).bind_tools([get_weather])
    asked = HumanMessage("What is the weather in Paris?")
    answer = chat.invoke([asked])
    (call,) = answer.tool_calls
    assert call["args"] == {"city": "Paris"}
    result = get_weather.invoke(call)
    assert isinstance(result, ToolMessage)
    assert "21" in chat.invoke([asked, answer, result]).text


@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_an_answer_is_parsed_into_a_type(gateway: Running, model: str) -> None:
    chat: Any = speaking("openai", gateway, model)
    assert chat.with_structured_output(Person).invoke("Ada, as JSON") == Person(name="Ada", age=36)


def test_texts_become_vectors(gateway: Running) -> None:
    embeddings = OpenAIEmbeddings(
        model="multilingual-e5-small",
        base_url=f"{gateway.gateway}/v1",
        api_key=SecretStr(gateway.key),
        check_embedding_ctx_length=False,  # its tokenizer is fetched from the network
    )
    assert len(embeddings.embed_query("bonjour")) == 384
