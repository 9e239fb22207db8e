"""pydantic-ai's agents over either dialect."""

import asyncio

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from tests.clients.conftest import CHATTY, WORDY
from tests.running import Running

pytestmark = [
    pytest.mark.xdist_group("clients"),
    # Its providers keep HTTP clients that nobody can close once their event loop has ended.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


class Person(BaseModel):
    name: str
    age: int


def speaking(kind: str, gateway: Running, model: str) -> Model:
    if kind == "openai":
        provider = OpenAIProvider(base_url=f"{gateway.gateway}/v1", api_key=gateway.key)
        return OpenAIChatModel(model, provider=provider)
    return AnthropicModel(model, provider=AnthropicProvider(base_url=gateway.gateway, api_key=gateway.key))


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_an_agent_uses_its_tool(gateway: Running, kind: str, model: str) -> None:
    agent = Agent(speaking(kind, gateway, model), system_prompt="Use the tools.")
    asked: list[str] = []

    @agent.tool_plain
    def get_weather(city: str) -> str:
        asked.append(city)
        return "21 degrees"

    result = agent.run_sync("What is the weather in Paris?")
    assert asked == ["Paris"]
    assert "21" in result.output
    assert result.usage.output_tokens > 0


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_local_model_streams_to_an_agent(gateway: Running, kind: str) -> None:
    agent = Agent(speaking(kind, gateway, "smollm2-135m-instruct"))

    async def run() -> str:
        async with agent.run_stream("Say hello.", model_settings={"max_tokens": 20}) as result:
            return "".join([piece async for piece in result.stream_text(delta=True)])

    assert asyncio.run(run())
