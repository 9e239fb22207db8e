"""Recorded answers with their gold: ZeroEval's GSM8K runs, RouteLLM's GSM8K and MT-bench runs."""

import csv
import gzip
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from counterpoint.canonical import ChatRequest, ChatResponse, Choice, Finish, Message, Text

MIXTRAL, GPT4 = "mistralai/Mixtral-8x7B-Instruct-v0.1", "gpt-4-1106-preview"
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_FIELD = re.compile(r'"answer"\s*:\s*"?([^"\n}]*)')


@dataclass(frozen=True)
class Answer:
    """What `offering` said, and how good it was: 1 right, 0 wrong, or a grade between."""

    offering: str
    text: str
    quality: float

    def response(self) -> ChatResponse:
        """In canonical words. That it was done is not recorded: nothing suggests that one was cut."""
        return ChatResponse(choices=(Choice(parts=(Text(self.text),), finish=Finish("stop")),))


@dataclass(frozen=True)
class Judged:
    """What a judge said of an answer, and what that took."""

    offering: str
    score: float
    question: str
    words: str


@dataclass(frozen=True)
class Item:
    """A prompt and what everybody answered. `answers`: by offering, a candidate's own first and then its samples."""

    prompt: str
    answers: Mapping[str, Sequence[Answer]]
    judged: Mapping[str, Judged] = field(default_factory=dict)

    @property
    def request(self) -> ChatRequest:
        """As it came in."""
        return ChatRequest(model="", messages=(Message("user", (Text(self.prompt),)),))


def right(text: str, gold: str) -> bool:
    """Whether an answer in ZeroEval's form comes to the number that is right: the field `answer`, else the last
    number there is."""
    field_ = _FIELD.findall(text)
    numbers = _NUMBER.findall(field_[-1] if field_ else text) or _NUMBER.findall(text)
    return bool(numbers) and float(numbers[-1].replace(",", "")) == float(
        _NUMBER.findall(gold)[-1].replace(",", "")
    )


def zeroeval(data: Path, models: Mapping[str, str]) -> list[Item]:
    """`models`: offering by file."""
    runs: dict[str, list[Any]] = {
        offering: json.loads(
            gzip.decompress((data / "router-zeroeval" / "gsm" / f"{file}.json.gz").read_bytes())
        )
        for file, offering in models.items()
    }
    for run in runs.values():
        for each in run:
            each["output"][0] = _spoken(each["output"][0])
    first = next(iter(runs.values()))
    for run in runs.values():
        assert [each["id"] for each in run] == [each["id"] for each in first]
    return [
        Item(
            prompt=first[at]["chat_history"][0],
            answers={
                offering: (
                    Answer(offering, run[at]["output"][0], right(run[at]["output"][0], first[at]["answer"])),
                )
                for offering, run in runs.items()
            },
        )
        for at in range(len(first))
    ]


def _spoken(text: str) -> str:
    """Without the marks of an ended sequence, which hosts keep to themselves and one recorded run shows."""
    return text.replace("</s>", "")


def routellm(data: Path, small: str, large: str, again: Mapping[str, str]) -> list[Item]:
    """RouteLLM's GSM8K answers. `again`: offering by file of ZeroEval, answers to the same questions: they are the
    small one's samples, in their order, and what others say."""
    folder = data / "router-routellm" / "routellm" / "evals" / "gsm8k"
    text = io.StringIO(gzip.decompress((folder / "gsm8k_responses.csv.gz").read_bytes()).decode())
    samples: dict[str, list[Answer]] = {}
    for file, offering in again.items():
        run = json.loads(gzip.decompress((data / "router-zeroeval" / "gsm" / f"{file}.json.gz").read_bytes()))
        for each in run:
            said = _spoken(each["output"][0])
            found = Answer(offering, said, right(said, each["answer"]))
            samples.setdefault(_same_prompt(each["question"]), []).append(found)
    items = []
    for row in csv.DictReader(text):
        first = Answer(small, row[f"{MIXTRAL}_response"], row[MIXTRAL] == "True")
        more = samples[_same_prompt(row["prompt"])]
        strong = Answer(large, row[f"{GPT4}_response"], row[GPT4] == "True")
        others = {each.offering: (each,) for each in more if each.offering != small}
        items.append(Item(row["prompt"], {**others, small: (first, *more), large: (strong,)}))
    return items


def _same_prompt(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()


def mt_bench(data: Path, small: str, large: str, judge: str) -> list[Item]:
    """RouteLLM's MT-bench answers, both turns, each with the grade (1 to 10) that GPT-4 gave it as a judge."""
    folder = data / "router-routellm" / "routellm" / "evals" / "mt_bench"
    lines = gzip.decompress((folder / "judgements.jsonl.gz").read_bytes()).decode().splitlines()
    by_turn: dict[tuple[int, int], dict[str, Any]] = {}
    for line in lines:
        row = json.loads(line)
        by_turn.setdefault((row["question_id"], row["turn"]), {})[row["model"]] = row
    items = []
    for rows in (by_turn[key] for key in sorted(by_turn)):
        answers: dict[str, Sequence[Answer]] = {}
        judged: dict[str, Judged] = {}
        for model, offering in ((MIXTRAL, small), (GPT4, large)):
            row = rows[model]
            prompt, said = _turn(row["user_prompt"])
            answers[offering] = (Answer(offering, said, row["score"] / 10),)
            judged[offering] = Judged(judge, row["score"], row["user_prompt"], row["judgment"])
        items.append(Item(prompt, answers, judged))
    return items


def _turn(shown: str) -> tuple[str, str]:
    """The prompt and the last answer in what a judge was shown."""
    marks = ("### Assistant A:", "[The Start of Assistant's Answer]")
    at, mark = max((shown.rfind(mark), mark) for mark in marks)
    assert at >= 0, shown[-300:]
    said = re.split(r"<\|The End|\[The End", shown[at + len(mark) :], maxsplit=1)[0]
    prompt = shown[:at]
    for mark in ("[Question]", "<|The Start of Assistant A's Conversation with User|>"):
        prompt = prompt.split(mark)[-1]
    return prompt.strip(), said.strip()
