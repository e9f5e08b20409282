"""Rules of many countries: which of them a certificate must pass, and whether it does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from verifier.errors import InputError
from verifier.findings import Code, Finding, Outcome
from verifier.model import Claim
from verifier.rules.certlogic.codes import CertLogicCode, CertLogicError
from verifier.rules.certlogic.importing import load_entries, parse_entries, settle
from verifier.rules.certlogic.rule import Rule, RuleType, Unreadable, Version, parse_version, region_key
from verifier.rules.certlogic.values import plain, time_text
from verifier.rules.certlogic.valuesets import ValueSets
from verifier.wording import explain

# worst first: one failed rule decides, then one that cannot tell
WORST = (Outcome.UNMET, Outcome.OPEN, Outcome.MET)
NO_CODES: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True, slots=True)
class RuleSetAnswer:
    """What the rules of a country say about one certificate.

    Attributes:
        outcome: UNMET if a rule fails; else OPEN if one cannot tell or none was found; else MET.
        findings: one for each rule, then those about the rules as a whole. Facts: rule, version, country, description.
        rules: the rules consulted.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    rules: tuple[Rule, ...] = ()

    def sentences(self, language: str = "en") -> list[str]:
        """Every finding in words, with the country's own description of the rule where it has that language."""
        words = {(rule.identifier, rule.version_text): rule.description(language) for rule in self.rules}
        said = []
        for finding in self.findings:
            own = words.get((finding.facts.get("rule"), finding.facts.get("version")))  # type: ignore[arg-type]
            facts = dict(finding.facts) | ({"description": own} if own else {})
            said.append(explain(Finding(finding.code, finding.outcome, facts), language))
        return said


@dataclass(frozen=True)
class RuleSet:
    """Rules of any number of countries, ready to be asked. Immutable.

    Attributes:
        rules: every usable rule, all versions; also those that will always answer OPEN (another engine, broken logic).
        findings: what was left out or is doubtful, from the import.
    """

    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    _by_owner: Mapping[tuple[RuleType, str], tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        grouped: dict[tuple[RuleType, str], list[Rule]] = {}
        for rule in self.rules:
            grouped.setdefault((rule.type, rule.country), []).append(rule)
        object.__setattr__(self, "_by_owner", {owner: tuple(rules) for owner, rules in grouped.items()})

    @classmethod
    def load(cls, *paths: str | Path) -> RuleSet:
        """From files and folders: a JSON list of rules, one rule, JSON lines, or a tree of such files.

        Raises:
            ConfigError: NO_FILE, NOT_JSON, TOO_LARGE for a path that was named itself.
        """
        return cls(*settle(load_entries(paths)))

    @classmethod
    def of(cls, content: Any, source: str = "") -> RuleSet:
        """From parsed JSON: a list of rules or one rule. Bad entries become findings."""
        return cls(*settle(parse_entries(content, source)))

    def report(self, language: str = "en") -> list[str]:
        """The findings of the import in words."""
        return [explain(finding, language) for finding in self.findings]

    @property
    def countries(self) -> frozenset[str]:
        """Countries with acceptance rules."""
        return frozenset(owner for kind, owner in self._by_owner if kind is RuleType.ACCEPTANCE)

    def select(
        self, *, country: str, issuer_country: str | None, kind: Claim, at: datetime, region: str | None = None
    ) -> tuple[Rule, ...]:
        """The rules that a certificate must pass: acceptance rules of the country of arrival, then invalidation rules
        of the issuer; of its kind or general; in force at the moment; of the region asked for, or else of none; of each
        identifier the highest version.

        Args:
            country, issuer_country: ISO 3166-1 alpha-2.
            kind: what the certificate is about.
            at: moment of the check, with zone; both ends of a rule's validity are included.
            region: rules of this region only; None or empty: rules without a region.

        Raises:
            InputError: NO_ZONE.
        """
        if at.tzinfo is None:
            raise InputError(CertLogicCode.NO_ZONE)
        wanted = region_key(region)
        chosen: list[Rule] = []
        owners = {RuleType.ACCEPTANCE: _code(country), RuleType.INVALIDATION: _code(issuer_country)}
        for of_type, owner in owners.items():
            highest: dict[str, list[Rule]] = {}
            for rule in self._by_owner.get((of_type, owner), ()):
                in_place = of_type is RuleType.INVALIDATION or rule.region == wanted
                if not (in_place and kind in rule.kinds and rule.valid_from <= at <= rule.valid_to):
                    continue
                found = highest.get(rule.identifier)
                if found is None or found[0].version < rule.version:
                    highest[rule.identifier] = [rule]
                elif found[0].version == rule.version:
                    found.append(rule)
            chosen += [rule for found in highest.values() for rule in found]
        return tuple(chosen)

    def judge(
        self,
        payload: Any,
        *,
        country: str,
        issuer_country: str | None,
        kind: Claim,
        at: datetime,
        region: str | None = None,
        valuesets: ValueSets | Mapping[str, Sequence[str]] | None = None,
        issued: datetime | None = None,
        expires: datetime | None = None,
        kid: str = "",
    ) -> RuleSetAnswer:
        """Whether a certificate passes the rules of the country of arrival and of its issuer.

        Args:
            payload: the certificate (`ver`, `nam`, `dob` and `v`, `t` or `r`), as JSON or as CBOR gave it: datetimes
                are turned into text first.
            valuesets: code lists, by date or as lists of codes.
            issued, expires, kid: of the signature; some rules read them.

        Raises:
            InputError: NO_ZONE.
            CertLogicError: BAD_DATA where a moment is out of the years 1 to 9999.

        An error, an engine or a schema that this evaluator does not know, a rule that could not be read, and
        the absence of rules are OPEN, never passed.

        Source: EU DCC validation rules, "Choosing rules"; architecture.md, "Three answers, one logic".
        """
        rules = self.select(country=country, issuer_country=issuer_country, kind=kind, at=at, region=region)
        clock = time_text(at)
        findings: list[Finding] = []
        sets: Mapping[str, Sequence[str]] = NO_CODES
        if isinstance(valuesets, ValueSets):
            day = at.astimezone(UTC).date()
            sets, later = valuesets.at(day)
            if used := sorted(name for name in later if any(name in rule.value_sets for rule in rules)):
                facts = {"sets": used, "day": day.isoformat()}
                findings.append(Finding(CertLogicCode.LATER_VALUE_SET, Outcome.NOTE, facts))
        elif valuesets is not None:
            sets = {name: list(codes) for name, codes in valuesets.items()}
        findings += self._missing(rules, _code(country), _code(issuer_country), kind)
        try:
            content = plain(payload)
        except CertLogicError as error:
            return _answer([*findings, error.finding()], rules)
        external = {
            "validationClock": clock,
            "valueSets": sets,
            "countryCode": country,
            "issuerCountryCode": issuer_country,
            "region": region or "",
            "kid": kid,
            "iat": None if issued is None else time_text(issued),
            "exp": None if expires is None else time_text(expires),
        }
        data = {"payload": content, "external": external}
        version = _payload_version(content)
        return _answer([*(judge_rule(rule, data, version) for rule in rules), *findings], rules)

    def _missing(self, rules: tuple[Rule, ...], country: str, issuer: str, kind: Claim) -> list[Finding]:
        """Findings about rules that are not there: entries that could not be read, and no acceptance rule at all."""
        found = [entry.finding for entry in self.unreadable if _concerns(entry, country, issuer)]
        if not any(rule.type is RuleType.ACCEPTANCE for rule in rules):
            facts: dict[str, Any] = {"country": country}
            code = CertLogicCode.NO_RULES
            if known := self._by_owner.get((RuleType.ACCEPTANCE, country)):
                code = CertLogicCode.NONE_APPLY
                facts |= {"kind": kind.value, "regions": sorted({rule.region for rule in known if rule.region})}
            found.append(Finding(code, Outcome.OPEN, facts))
        return found


def judge_rule(rule: Rule, data: Mapping[str, Any], version: Version | None) -> Finding:
    """One rule on one certificate: MET only where the rule ran and said true.

    Args:
        data: `{payload, external}` as plain JSON.
        version: of the payload's schema, None if it states none.
    """
    if rule.logic is None:
        reason = rule.fault.code if rule.fault else CertLogicCode.BAD_RULE
        code = CertLogicCode.RULE_ENGINE if reason is CertLogicCode.RULE_ENGINE else CertLogicCode.RULE_BROKEN
        return _open(rule, code, reason)
    if version is None or version[0] != rule.schema[0] or version < rule.schema:
        return _open(rule, CertLogicCode.RULE_SCHEMA)
    try:
        result = rule.logic.evaluate(data)
    except CertLogicError as error:
        return _open(rule, CertLogicCode.RULE_ERROR, error.code)
    if result is True:
        return rule.met
    if result is False:
        return rule.unmet
    return _open(rule, CertLogicCode.RULE_ERROR, CertLogicCode.NOT_A_BOOLEAN)


def _open(rule: Rule, code: CertLogicCode, reason: Code | None = None) -> Finding:
    return Finding(code, Outcome.OPEN, rule.facts() | ({"reason": reason.value} if reason else {}))


def _answer(findings: Iterable[Finding], rules: tuple[Rule, ...]) -> RuleSetAnswer:
    said = tuple(findings)
    outcomes = {finding.outcome for finding in said}
    # nothing judged is not a pass
    outcome = next((one for one in WORST if one in outcomes), Outcome.OPEN)
    return RuleSetAnswer(outcome, said, rules)


def _code(country: str | None) -> str:
    return (country or "").strip().upper()


def _concerns(entry: Unreadable, country: str, issuer: str) -> bool:
    if entry.country is None:
        return False
    owners = {RuleType.ACCEPTANCE: (country,), RuleType.INVALIDATION: (issuer,), None: (country, issuer)}
    return entry.country in owners[entry.type]


def _payload_version(payload: Any) -> Version | None:
    try:
        return parse_version(payload.get("ver")) if isinstance(payload, dict) else None
    except ValueError:
        return None
