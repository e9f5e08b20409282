"""The decision as models: for the OpenAPI file and for tests. Answers are not built through them: that costs time."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal["met", "note", "open", "unmet"]


class Out(BaseModel):
    """No unknown members: what is answered is what is documented."""

    model_config = ConfigDict(extra="forbid")


class FindingOut(Out):
    """One checked thing."""

    code: str
    outcome: Outcome
    facts: dict[str, Any]
    alert: bool | None = Field(None, description="Do not rely on the document at all")
    document: int | None = Field(None, description="Position among `documents`, from 0")


class SaidOut(FindingOut):
    """A finding in words, with the next action where there is one."""

    sentence: str
    action: str | None = None


class KeyedOut(Out):
    """Something named by a key, in words."""

    id: str
    sentence: str | None = None


class DocumentOut(Out):
    """One document as it was read."""

    format: str | None
    signature: str
    evidence: Literal["usable", "open", "none"]
    identity: Outcome | None
    proves: list[str]
    issuer: str | None
    kid: str | None
    list: str | None
    list_fetched: str | None


class SourceOut(Out):
    """Where a rule was taken from."""

    ref: str
    title: str
    url: str | None


class PolicyOut(Out):
    """One rule that was consulted."""

    id: str
    version: str
    kind: str
    title: str
    outcome: Outcome
    authority: str
    citation: str | None
    effective_from: str | None
    recommendation: bool
    confidence: str
    exemption: str | None
    duties: list[str]
    findings: list[FindingOut]
    source: list[SourceOut]
    pack: str


class PackOut(Out):
    """One set of rules: what about, and for which days it is complete."""

    id: str
    title: str
    subject: str
    as_of: str
    complete_from: str
    complete_until: str


class EarliestOut(Out):
    """The first moment at which it would be cleared, and what is needed by then."""

    at: str
    needs: list[SaidOut]


class DecisionOut(Out):
    """The answer to a check. A refused document is an answer too: status 200, and the verdict says so."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    schema_version: str = Field(alias="schema")
    verdict: Literal["cleared", "refer", "denied"]
    at: str
    known: str
    reasons: list[SaidOut]
    findings: list[FindingOut]
    documents: list[DocumentOut]
    policies: list[PolicyOut]
    packs: list[PackOut]
    duties: list[KeyedOut]
    alternatives: list[SaidOut]
    provenance: dict[str, str]
    unchecked: list[KeyedOut]
    earliest: EarliestOut | None = None
    language: str
    headline: str | None
