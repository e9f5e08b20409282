"""The JSON form of a Decision as pydantic models, and from them docs/decision.schema.json.

`python -m verifier.decision_schema` writes the schema; a test holds file, models and real decisions together.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from verifier.decision import SCHEMA_VERSION

SCHEMA_FILE = Path("docs") / "decision.schema.json"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FindingForm(_Strict):
    """One checked thing: stable code, effect, facts; sentence and next action where a language was asked for."""

    code: str = Field(pattern=r"^[a-z0-9]+\.[a-z0-9-]+$")
    outcome: Literal["met", "note", "open", "unmet"]
    facts: dict[str, Any]
    alert: bool = Field(default=False, description="do not rely on this code at all")
    document: int | None = Field(default=None, description="index into documents")
    sentence: str | None = None
    action: str | None = None


class KeyedForm(_Strict):
    """A duty or a thing that was not checked."""

    id: str
    sentence: str | None = None


class DocumentForm(_Strict):
    """One document shown: what it is and what its checks left of its evidence."""

    format: str | None
    signature: Literal["valid", "invalid", "unknown-signer", "unchecked"]
    evidence: Literal["usable", "open", "none"]
    identity: Literal["met", "open", "unmet"] | None
    proves: list[Literal["vaccination", "test", "recovery"]]
    issuer: str | None
    kid: str | None
    list: str | None
    list_fetched: AwareDatetime | None


class SourceForm(_Strict):
    """Where a policy is written down."""

    ref: str
    title: str
    url: str | None


class PolicyForm(_Strict):
    """One policy that was consulted."""

    id: str
    version: str
    kind: str
    title: str
    outcome: Literal["met", "open", "unmet"]
    authority: str | None
    citation: str | None
    effective_from: AwareDatetime | None
    recommendation: bool
    confidence: str
    exemption: str | None
    duties: list[str]
    findings: list[FindingForm]
    source: list[SourceForm]
    pack: str
    leg: int | None = Field(default=None, description="position of the leg at whose transit point it was asked")


class PackForm(_Strict):
    """A pack of rules: its subject and the days it speaks for."""

    id: str
    title: str
    subject: str
    as_of: str
    complete_from: str
    complete_until: str


class EarliestForm(_Strict):
    """The first moment of travel at which it would be cleared, and what is needed for it."""

    at: AwareDatetime
    needs: list[FindingForm]


class DecisionForm(_Strict):
    """May this person board this flight, and if not, what is missing?"""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)

    schema_version: Literal["1.0"] = Field(alias="schema")
    verdict: Literal["cleared", "refer", "denied"]
    at: AwareDatetime = Field(description="the moment asked about")
    known: AwareDatetime = Field(description="the moment whose knowledge of rules and lists counts")
    reasons: list[FindingForm] = Field(description="what holds the person up, most important first")
    findings: list[FindingForm] = Field(description="everything that was checked")
    documents: list[DocumentForm]
    policies: list[PolicyForm]
    packs: list[PackForm]
    duties: list[KeyedForm] = Field(description="what is to be done besides")
    alternatives: list[FindingForm] = Field(description="what else would satisfy the policies that are not met")
    provenance: dict[str, Literal["passport", "boarding-pass", "booking", "flight-list", "certificate", "agent"]]
    unchecked: list[KeyedForm] = Field(description="what was not looked at at all")
    earliest: EarliestForm | None = None
    language: str | None = None
    headline: str | None = None


def schema() -> dict[str, Any]:
    """The JSON Schema of a decision."""
    made = DecisionForm.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "version": SCHEMA_VERSION, **made}


def schema_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), "utf-8")
    print(f"wrote {SCHEMA_FILE}")
