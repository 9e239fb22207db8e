// Vercel's AI SDK against the gateway: GATEWAY, KEY and MODEL come from the environment; prints one JSON object.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { embed, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

const { GATEWAY, KEY, MODEL, KIND } = process.env;
const provider =
  KIND === "openai"
    ? createOpenAI({ baseURL: `${GATEWAY}/v1`, apiKey: KEY })
    : createAnthropic({ baseURL: `${GATEWAY}/v1`, apiKey: KEY });
const model = KIND === "openai" ? provider.chat(MODEL) : provider(MODEL);
const found = {};

const plain = await generateText({ model, prompt: "Say exactly: pong", maxOutputTokens: 20, maxRetries: 0 });
found.text = plain.text;
found.outputTokens = plain.usage.outputTokens;

const streamed = streamText({ model, prompt: "Say exactly: pong", maxOutputTokens: 20, maxRetries: 0 });
found.streamed = "";
for await (const piece of streamed.textStream) found.streamed += piece;
found.finish = await streamed.finishReason;

if (process.env.TOOLS) {
  const weather = tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `21 degrees in ${city}`,
  });
  const round = await generateText({
    model,
    prompt: "What is the weather in Paris?",
    tools: { get_weather: weather },
    stopWhen: stepCountIs(3),
    maxRetries: 0,
  });
  found.called = round.steps.flatMap((step) => step.toolCalls.map((call) => call.input));
  found.answer = round.text;
  const person = await generateText({
    model,
    prompt: "Ada, as JSON",
    maxRetries: 0,
    output: Output.object({ schema: z.object({ name: z.string(), age: z.number() }) }),
  });
  found.person = person.output;
}
if (KIND === "openai") {
  const vector = await embed({ model: provider.textEmbeddingModel("multilingual-e5-small"), value: "bonjour" });
  found.dimensions = vector.embedding.length;
}
console.log(JSON.stringify(found));
