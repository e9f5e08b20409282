"""The written form of a pack: strict models at the YAML edge, and the JSON Schema made from them
(`docs/pack.schema.json`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from verifier.rules.requirements import schema as requirement_schema
from verifier.rules.requirements.vaccinated import ProductsSpec

Written = Annotated[Any, WithJsonSchema({"x-requirement": True})]
"""A requirement as written; compiled by `requirements.build`."""

Moment = datetime | date | str
"""A day (00:00 local to the authority), a local time (`2021-11-08 00:01:00`), or a time with its own offset."""

Transit = Literal["border", "landing", "exempt"]
"""Travellers in transit: reached where they pass the border, wherever they land (no airside transit), or not at all."""

Kind = Literal["rule", "duty", "amendment", "exemption", "rescission", "absence", "announcement"]


class Model(BaseModel):
    """Strict, nothing unknown, never changed, and no data in messages."""

    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )


class Source(Model):
    """Where a fact was read."""

    title: str
    url: str | None = None


class Exemption(Model):
    """Lifts one rule or clause from those who meet `when`; `duties` bind the exempted."""

    id: str
    when: Written
    duties: list[str] = Field(default_factory=list)


class Clause(Model):
    """One condition of a policy, with its own reach and exemptions."""

    id: str
    applies_to: Written = None
    require: Written
    exemptions: list[Exemption] = Field(default_factory=list)


class Row(Model):
    """One version of a policy: a period, an extension."""

    id: str
    announced: Moment
    effective_from: Moment
    in_force_until: Moment | None = None
    end_announced: Moment | None = None
    citation: str | None = None


class Table(Model):
    """Versions as a table. `id` may use `${column}`; `citation` names the column that holds it."""

    id: str
    columns: list[str]
    citation: str | None = None
    values: list[list[Any]]


class Policy(Model):
    """One policy. Its two kinds of time: `announced`/`end_announced` (known) and `effective_from`/`in_force_until`
    (applied).

    `withdrawn`: from this day on it was known that it would never apply (`overtaken`, `enjoined`) or had become
    concrete.
    """

    id: str
    kind: Kind = "rule"
    title: str
    status: Literal["in force", "ended", "overtaken", "enjoined", "announced", "end unknown"] = "ended"
    authority: str | None = None
    legal_basis: str | None = None
    citation: str | None = None
    on: Literal["entry", "departure"] = "entry"
    destinations: list[str] | None = None
    channels: list[Literal["air", "land", "rail", "ferry", "sea"]]
    borders: list[str] = Field(default_factory=list)
    anchor: Literal["flight", "departure", "arrival"] = "flight"
    transit: Transit | None = None
    zone: str | None = None
    announced: Moment | None = None
    effective_from: Moment | None = None
    in_force_until: Moment | None = None
    end_announced: Moment | None = None
    withdrawn: Moment | None = None
    rows: list[Row] | Table | None = None
    extendable: bool = False
    overrides: list[str] = Field(default_factory=list)
    unsettles: list[str] = Field(default_factory=list)
    parent: str | None = None
    recommendation: bool = False
    applies_to: Written = None
    require: Written = None
    clauses: list[Clause] = Field(default_factory=list)
    exemptions: list[Exemption] = Field(default_factory=list)
    duties: list[str] = Field(default_factory=list)
    confidence: Literal["sourced", "secondhand", "memory"] = "sourced"
    from_memory: list[str] = Field(default_factory=list)
    notes: list[str] = Field(default_factory=list)
    source: list[str]


class PlaceRow(Model):
    """One version of a place list, from a day or a local time on: `places` sets it, `added` and `removed` change the
    version before.
    """

    since: datetime | date | None = Field(default=None, alias="from")
    announced: date | None = None
    places: list[str] | None = None
    added: list[str] = Field(default_factory=list)
    removed: list[str] = Field(default_factory=list)


class Template(Model):
    """Policies that are the same but for some words: `${name}` stands for a parameter."""

    parameters: list[str]
    policies: list[dict[str, Any]]


class Instance(Model):
    """A template with its parameters filled in."""

    template: str
    values: dict[str, Any] = Field(alias="with")


class Header(Model):
    """What a pack is about, and how far it can be asked.

    `complete_from` to `complete_until` is the span of travel for which all rules are recorded; `as_of` the day on
    which they
    were last looked up. Outside of them the answer is OPEN.
    """

    id: str
    title: str
    subject: str
    destinations: list[str]
    zone: str
    as_of: date
    complete_from: date
    complete_until: date
    recommendation: bool = False
    transit: Transit = "border"
    statuses: list[str] = Field(default_factory=list)


class PackFile(Model):
    """One file of a pack folder. Exactly one of them holds the header `pack`."""

    pack: Header | None = None
    sources: dict[str, Source] = Field(default_factory=dict)
    products: dict[str, ProductsSpec] = Field(default_factory=dict)
    places: dict[str, list[PlaceRow]] = Field(default_factory=dict)
    requirements: dict[str, Written] = Field(default_factory=dict)
    templates: dict[str, Template] = Field(default_factory=dict)
    instances: list[Instance] = Field(default_factory=list)
    policies: list[Policy] = Field(default_factory=list)


class PackCase(Model):
    """One case of a pack's own `cases.yaml`: a question in the scenario form and what must come out."""

    id: str
    names: str | None = None
    as_known_on: date | str
    travel_date: date | str
    traveller: dict[str, Any]
    trip: dict[str, Any]
    evidence: list[dict[str, Any]] = Field(default_factory=list)
    expected: Literal["cleared", "refer", "denied"]
    because: str
    why: str | None = None


class CaseFile(Model):
    """`cases.yaml`. `defaults` are laid under each case's `traveller` and `trip`."""

    defaults: dict[str, dict[str, Any]] = Field(default_factory=dict)
    cases: list[PackCase]


def pack_schema() -> Mapping[str, Any]:
    """JSON Schema (2020-12) of a pack file, for editors."""
    made = PackFile.model_json_schema(by_alias=True)
    made["$defs"].update(requirement_schema())
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "Cleargate rule pack"
    linked: Mapping[str, Any] = _link(made)
    return linked


def _link(value: Any) -> Any:
    """Put the definition of a requirement where the models left a mark."""
    if isinstance(value, dict):
        if value.get("x-requirement"):
            rest = {key: item for key, item in value.items() if key not in ("x-requirement", "default")}
            return {**rest, "$ref": "#/$defs/Requirement"}
        return {key: _link(item) for key, item in value.items()}
    return [_link(item) for item in value] if isinstance(value, list) else value
