"""One rule of one country: its header, its compiled logic, or why it cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_pascal

from verifier.findings import Finding, Outcome
from verifier.model import Claim
from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.expression import SPECIFICATION, Expression

ENGINE = "CERTLOGIC"
FALLBACK_LANGUAGE = "en"
COUNTRY = re.compile(r"[A-Z]{2}")
IDENTIFIED_COUNTRY = re.compile(r"(?:GR|VR|TR|RR|IR)-([A-Z]{2})-\d+", re.ASCII)
VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?(-[0-9A-Za-z.-]{1,40})?", re.ASCII)
NAMED_SET = re.compile(r'"external\.valueSets\.([^".]+)')
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)

Version = tuple[int, int, int, int]


class RuleType(StrEnum):
    """Acceptance: of the country of arrival. Invalidation: of the country that issued the certificate."""

    ACCEPTANCE = "Acceptance"
    INVALIDATION = "Invalidation"


KINDS: Mapping[str, frozenset[Claim]] = {
    "General": frozenset({Claim.VACCINATION, Claim.TEST, Claim.RECOVERY}),
    "Vaccination": frozenset({Claim.VACCINATION}),
    "Test": frozenset({Claim.TEST}),
    "Recovery": frozenset({Claim.RECOVERY}),
}


def parse_version(text: object) -> Version:
    """`1.10.0` as numbers, to be compared number by number; a pre-release comes before its release.

    Raises:
        ValueError: not a version.
    """
    found = VERSION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError("not a version")
    return int(found[1]), int(found[2]), int(found[3] or 0), 0 if found[4] else 1


def _moment(text: object) -> datetime:
    if not isinstance(text, str) or MOMENT.fullmatch(text) is None:
        raise ValueError("not a date-time")
    parsed = datetime.fromisoformat(text)
    return parsed if parsed.tzinfo else datetime.fromisoformat(text + "Z")


def _region(text: object) -> str:
    if text is not None and not isinstance(text, str):
        raise ValueError("not a region")
    return region_key(text)


def region_key(text: str | None) -> str:
    """A region as it is compared; the empty text where there is none."""
    return (text or "").strip().upper()


Moment = Annotated[datetime, BeforeValidator(_moment)]


class Header(BaseModel):
    """What a rule must say to be selected at all; anything else in it is left alone."""

    model_config = ConfigDict(alias_generator=to_pascal, frozen=True, strict=True, hide_input_in_errors=True)

    identifier: str = Field(min_length=1, max_length=80)
    type: Literal["Acceptance", "Invalidation"]
    country: str = Field(pattern=r"^[A-Z]{2}$")
    region: Annotated[str, BeforeValidator(_region)] = ""
    version: Annotated[Version, BeforeValidator(parse_version)]
    certificate_type: Literal["General", "Vaccination", "Test", "Recovery"]
    valid_from: Moment
    valid_to: Moment


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that can be selected. `logic` is None where it cannot run: then `fault` says why, and it is never passed.

    Attributes:
        identifier: such as `VR-AT-0001`; unique with its version within type, country and region.
        region: region it is limited to, upper case, or the empty text.
        version: numbers to compare; `version_text` is what the file says.
        kinds: certificates it is about.
        valid_from, valid_to: both included.
        schema: lowest payload version it understands.
        descriptions: language -> sentence.
        text: its logic as canonical JSON, None where it is broken.
        value_sets: code lists that its logic names.
        fault: why it cannot run here: its logic, or a newer engine.
        source: file it came from.
        met, unmet: the findings where it passes and where it fails.
    """

    identifier: str
    type: RuleType
    country: str
    region: str
    version: Version
    version_text: str
    kinds: frozenset[Claim]
    valid_from: datetime
    valid_to: datetime
    schema: Version
    descriptions: Mapping[str, str]
    affected_fields: tuple[str, ...]
    logic: Expression | None
    text: str | None = None
    value_sets: frozenset[str] = frozenset()
    fault: Finding | None = None
    source: str = ""
    met: Finding = field(init=False, repr=False, compare=False)
    unmet: Finding = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # the two usual answers say the same of every certificate
        facts = MappingProxyType(self.facts())
        object.__setattr__(self, "met", Finding(CertLogicCode.RULE_MET, Outcome.MET, facts))
        object.__setattr__(self, "unmet", Finding(CertLogicCode.RULE_UNMET, Outcome.UNMET, facts))

    def repeats(self, other: Rule) -> bool:
        """Whether both say the same of the same certificates at the same times, wherever they came from."""
        return self.text is not None and all(
            getattr(self, name) == getattr(other, name)
            for name in ("key", "version", "text", "kinds", "valid_from", "valid_to", "schema")
        )

    @property
    def key(self) -> tuple[RuleType, str, str, str]:
        """What all versions of one rule share."""
        return self.type, self.country, self.region, self.identifier

    def description(self, language: str = FALLBACK_LANGUAGE) -> str:
        """The rule in words: in the language, else English, else the identifier."""
        return self.descriptions.get(language) or self.descriptions.get(FALLBACK_LANGUAGE) or self.identifier

    def facts(self) -> dict[str, Any]:
        """What a finding says about the rule."""
        return {
            "rule": self.identifier,
            "version": self.version_text,
            "country": self.country,
            "description": self.description(),
        }


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An entry that looks like a rule but cannot be selected; it keeps its country, where known, from a pass."""

    finding: Finding
    country: str | None
    type: RuleType | None = None


def looks_like_rule(entry: object) -> bool:
    """Whether an entry claims to be a rule, so that leaving it out must be reported."""
    return isinstance(entry, Mapping) and ("Logic" in entry or "Identifier" in entry or "CertificateType" in entry)


def parse_rule(entry: object, source: str = "", line: int | None = None) -> Rule | Unreadable:
    """One rule from parsed JSON. Keys it does not know (`hash`) are ignored.

    Never raises: a rule whose header cannot be read comes back Unreadable; one whose logic is broken, or is for another
    engine, is a Rule with a fault.

    Source: EU DCC validation rules, "Rule format"; CertLogic 1.3.3.
    """
    facts: dict[str, Any] = {"file": source} if line is None else {"file": source, "entry": line}
    if not isinstance(entry, Mapping) or not looks_like_rule(entry):
        return Unreadable(Finding(CertLogicCode.NOT_A_RULE, Outcome.OPEN, facts), country_in(source))
    if isinstance(entry.get("Identifier"), str):
        facts["rule"] = entry["Identifier"][:80]
    try:
        header = Header.model_validate(dict(entry))
    except ValidationError as error:
        facts["field"] = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))[:80]
        return Unreadable(Finding(CertLogicCode.BAD_RULE, Outcome.OPEN, facts), _country(entry, source), _type(entry))
    logic, text, fault, schema = None, None, None, (0, 0, 0, 0)
    try:
        schema = _engine(entry)
        logic = Expression.compile(entry.get("Logic"))
        text = json.dumps(entry["Logic"], sort_keys=True)
    except CertLogicError as error:
        fault = Finding(error.code, Outcome.OPEN, facts | dict(error.facts))
    return Rule(
        identifier=header.identifier,
        type=RuleType(header.type),
        country=header.country,
        region=header.region,
        version=header.version,
        version_text=entry["Version"],
        kinds=KINDS[header.certificate_type],
        valid_from=header.valid_from,
        valid_to=header.valid_to,
        schema=schema,
        descriptions=_descriptions(entry.get("Description")),
        affected_fields=tuple(name for name in _list(entry.get("AffectedFields")) if isinstance(name, str)),
        logic=logic,
        text=text,
        value_sets=frozenset(NAMED_SET.findall(text or "")),
        fault=fault,
        source=source,
    )


def _engine(entry: Mapping[str, Any]) -> Version:
    """The lowest payload version; raises where this evaluator cannot run the rule."""
    try:
        engine = parse_version(entry.get("EngineVersion"))
        schema = parse_version(entry.get("SchemaVersion"))
    except ValueError:
        raise CertLogicError(CertLogicCode.BAD_RULE, facts={"field": "EngineVersion, SchemaVersion"}) from None
    if entry.get("Engine") != ENGINE or engine > (*SPECIFICATION, 1):
        _refuse_engine(entry)
    return schema


def _refuse_engine(entry: Mapping[str, Any]) -> NoReturn:
    wanted = f"{entry.get('Engine')} {entry.get('EngineVersion')}"[:80]
    raise CertLogicError(CertLogicCode.RULE_ENGINE, facts={"engine": wanted})


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _descriptions(value: object) -> dict[str, str]:
    """Language -> text; what is not of that form is left out, words decide nothing."""
    found = {}
    for item in _list(value):
        if isinstance(item, Mapping) and isinstance(item.get("lang"), str) and isinstance(item.get("desc"), str):
            found[item["lang"]] = item["desc"]
    return found


def country_in(text: object) -> str | None:
    """Country of a rule identifier within a text, such as a file name."""
    found = IDENTIFIED_COUNTRY.search(text) if isinstance(text, str) else None
    return found[1] if found else None


def _country(entry: Mapping[str, Any], source: str) -> str | None:
    stated = entry.get("Country")
    if isinstance(stated, str) and COUNTRY.fullmatch(stated):
        return stated
    return country_in(entry.get("Identifier")) or country_in(source)


def _type(entry: Mapping[str, Any]) -> RuleType | None:
    stated = entry.get("Type")
    return RuleType(stated) if isinstance(stated, str) and stated in tuple(RuleType) else None
