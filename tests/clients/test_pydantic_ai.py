"""pydantic-ai's agents over either dialect."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anthropic
import openai
import pytest
from pydantic_ai import Agent
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider

from tests.clients.conftest import CHATTY, WORDY
from tests.running import Running


@asynccontextmanager
async def speaking(kind: str, gateway: Running, model: str) -> AsyncIterator[Model]:
    """A model whose HTTP client ends with it (the library keeps those that it makes itself for ever)."""
    if kind == "openai":
        async with openai.AsyncOpenAI(base_url=f"{gateway.gateway}/v1", api_key=gateway.key) as client:
            yield OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client))
    else:
        async with anthropic.AsyncAnthropic(base_url=gateway.gateway, api_key=gateway.key) as other:
            yield AnthropicModel(model, provider=AnthropicProvider(anthropic_client=other))


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
@pytest.mark.parametrize("model", [CHATTY, WORDY])
def test_an_agent_uses_its_tool(gateway: Running, kind: str, model: str) -> None:
    asked: list[str] = []

    def get_weather(city: str) -> str:
        """The weather in a city."""
        asked.append(city)
        return "21 degrees"

    async def run() -> None:
        async with speaking(kind, gateway, model) as speaker:
            agent = Agent(speaker, system_prompt="Use the tools.", tools=[get_weather])
            result = await agent.run("What is the weather in Paris?")
            assert asked == ["Paris"]
            assert "21" in result.output
            assert result.usage.output_tokens > 0

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_local_model_streams_to_an_agent(gateway: Running, kind: str) -> None:
    async def run() -> str:
        async with speaking(kind, gateway, "smollm2-135m-instruct") as speaker:
            agent = Agent(speaker)
            async with agent.run_stream("Say hello.", model_settings={"max_tokens": 20}) as result:
                return "".join([piece async for piece in result.stream_text(delta=True)])

    assert asyncio.run(run())
