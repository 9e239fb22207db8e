"""The rules for bare model names, and what a name comes to under them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from counterpoint.api.access import require
from counterpoint.api.editing import Edited, Tag
from counterpoint.api.explaining import Question, explain
from counterpoint.api.routes.given import Given, Input, Language
from counterpoint.api.shapes.rules import ExplanationShape, RulesShape, rules_shape
from counterpoint.gateway.routing.plan import Facts

router = APIRouter(tags=["rules"])
_read = [require("rules.read")]


class AliasInput(Input):
    """Names that fit `pattern` mean `target`."""

    pattern: str = Field(max_length=200, examples=["fast"])
    target: str = Field(max_length=200, examples=["smollm2-135m-instruct"])


class LossRuleInput(Input):
    """A policy on losses for models whose names fit `pattern`."""

    pattern: str = Field(max_length=200, examples=["smollm2-*"])
    policy: str = Field(max_length=200, examples=["refuse; severity=meaning"])


class RulesInput(Input):
    """The rules, in order. Without `losses`, those stay as they are."""

    aliases: list[AliasInput] = Field(default=[], max_length=1000)
    prefer: list[str] = Field(default=[], max_length=200)
    losses: list[LossRuleInput] | None = Field(default=None, max_length=200)


@router.get("/rules", summary="Show the rules", dependencies=_read)
def show_rules(services: Given, tag: Tag) -> RulesShape:
    """What the configuration file declares comes first."""
    book = services.rules.book()
    tag(book.revision)
    return rules_shape(book)


@router.put("/rules", summary="Replace the rules of the studio", dependencies=[require("rules.write")])
def put_rules(services: Given, wanted: RulesInput, revision: Edited, tag: Tag) -> RulesShape:
    """All of them, in order. What the configuration file declares stays."""
    aliases = [(alias.pattern, alias.target) for alias in wanted.aliases]
    losses = None if wanted.losses is None else [(rule.pattern, rule.policy) for rule in wanted.losses]
    book = services.rules.replace(aliases, wanted.prefer, losses, revision=revision)
    tag(book.revision)
    return rules_shape(book)


@router.get("/explain", summary="Explain a model's name", dependencies=_read)
def explain_name(
    services: Given,
    lang: Language,
    model: Annotated[str, Query(min_length=1, max_length=300)],
    operation: Literal["chat", "embed"] | None = None,
    key: Annotated[str | None, Query(max_length=200, description="A key's name or id.")] = None,
    project: Annotated[str | None, Query(max_length=200, description="A project's name or id.")] = None,
    tokens: Annotated[int, Query(ge=0, le=10**9, description="Of the input.")] = 0,
) -> ExplanationShape:
    """Which offering would answer, and why. Nothing is called."""
    facts = Facts(tokens=tokens)
    question = Question(requested=model, operation=operation, key=key, project=project, facts=facts)
    return explain(services.directory(), question, lang=lang)
