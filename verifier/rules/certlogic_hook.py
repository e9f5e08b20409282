"""National entry rules of the EU countries (CertLogic) as packs of a rule book.

    rules = RuleBook.load(hooks={HOOK: hook(RuleSet.load("eu-rules.json"), ValueSets.load("value-sets"))})

Each country with acceptance rules becomes a policy `eu-rules-<cc>` with one `external` requirement, which this hook
answers; it replaces the recommendation of the EU Council there. A pack of YAML may ask the same:
`external: {hook: certlogic, options: {region: ...}}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from verifier.errors import CleargateError
from verifier.findings import Finding, Outcome
from verifier.model import Claim
from verifier.rules.case import Case, Evidence, EvidenceState
from verifier.rules.certlogic import Rule, RuleSet, RuleSetAnswer, RuleType, ValueSets
from verifier.rules.codes import RulesCode
from verifier.rules.loading import Pack
from verifier.rules.places import border
from verifier.rules.policy import FOREVER, CompiledClause, CompiledPolicy, PackInfo, SourceRef, Told, Version
from verifier.rules.requirements.trip import External

HOOK: Final = "certlogic"
FORMAT: Final = "eu-dcc"
KINDS: Final[Mapping[str, Claim]] = {"v": Claim.VACCINATION, "t": Claim.TEST, "r": Claim.RECOVERY}
"""Which member of a certificate makes it one of which kind."""

CHANNELS: Final = frozenset({"air", "land", "rail", "ferry", "sea"})
BEST: Final = (Outcome.MET, Outcome.OPEN, Outcome.UNMET)
ALWAYS: Final = Told(1, -FOREVER)
"""A rule set says when its rules hold, not when they became known; what is used is marked by its own age."""


@dataclass(frozen=True, eq=False)
class CertLogicHook:
    """Answers `external` requirements named `certlogic`, and brings a pack of its own."""

    rules: RuleSet
    sets: ValueSets | None = None
    packs: tuple[Pack, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        object.__setattr__(self, "packs", tuple(_packs(self.rules)))

    def __call__(self, options: Mapping[str, Any], case: Case) -> tuple[Outcome, Sequence[Finding]]:
        """The best answer of the certificates shown, by country of arrival, kind, and moment of arrival.

        A certificate whose checks are open, or whose content is not at hand, is OPEN. Without any: UNMET, or OPEN
        where another proof is shown, of which these rules do not speak.
        """
        region = options.get("region")
        answers: list[tuple[Outcome, list[Finding]]] = []
        for number, evidence in enumerate(case.records):
            if evidence.record.format == FORMAT and evidence.state is not EvidenceState.NONE:
                outcome, found = self._one(case, evidence, region if isinstance(region, str) else None)
                answers.append((outcome, [replace(finding, document=number) for finding in found]))
                if outcome is Outcome.MET:
                    return outcome, answers[-1][1]
        if not answers:
            return _without(case)
        best = min((outcome for outcome, _ in answers), key=BEST.index)
        return best, [finding for outcome, found in answers if outcome is best for finding in found]

    def _one(self, case: Case, evidence: Evidence, region: str | None) -> tuple[Outcome, Iterable[Finding]]:
        """One certificate: the worst over what it holds and over the moments at which the journey may arrive."""
        payload = evidence.record.payload
        kinds = [claim for key, claim in KINDS.items() if payload.get(key)]
        if evidence.state is not EvidenceState.USABLE or not kinds:
            return Outcome.OPEN, (Finding(RulesCode.DCC_OPEN, Outcome.OPEN),)
        found: list[RuleSetAnswer] = []
        for kind in kinds:
            for seconds in dict.fromkeys(case.entry.arrives):
                try:
                    found.append(
                        self.rules.judge(
                            payload,
                            country=border(case.destination),
                            issuer_country=evidence.record.issuer,
                            kind=kind,
                            at=datetime.fromtimestamp(seconds, UTC),
                            region=region,
                            valuesets=self.sets,
                        )
                    )
                except CleargateError as error:
                    return Outcome.OPEN, (error.finding(),)
        outcomes = {answer.outcome for answer in found}
        outcome = next(iter(outcomes)) if len(outcomes) == 1 else Outcome.OPEN
        if outcome is Outcome.MET:
            return outcome, found[0].findings
        said = {(f.code, str(f.facts)): f for answer in found for f in answer.findings if f.outcome is not Outcome.MET}
        return outcome, said.values()


def hook(rule_set: RuleSet, value_sets: ValueSets | None = None) -> CertLogicHook:
    """What `RuleBook.load(hooks={HOOK: ...})` takes."""
    return CertLogicHook(rule_set, value_sets)


def load_hooks(rules: Sequence[Path | str], value_sets: Sequence[Path | str] = ()) -> Mapping[str, CertLogicHook]:
    """Hooks from files or folders; none where no rules are named.

    Raises:
        ConfigError: a named file is missing or unreadable.
    """
    if not rules:
        return {}
    return {HOOK: hook(RuleSet.load(*rules), ValueSets.load(*value_sets) if value_sets else None)}


def _without(case: Case) -> tuple[Outcome, Sequence[Finding]]:
    """No EU certificate: another proof is a question for a person, none is none."""
    if case.doses or case.tests or case.recoveries:
        return Outcome.OPEN, (Finding(RulesCode.DCC_OTHER, Outcome.OPEN),)
    return Outcome.UNMET, (Finding(RulesCode.DCC_MISSING, Outcome.UNMET),)


def _packs(rules: RuleSet) -> Iterator[Pack]:
    """One pack for all countries of a rule set; none where it has no rule."""
    owned: dict[str, list[Rule]] = {}
    for rule in rules.rules:
        if rule.type is RuleType.ACCEPTANCE:
            owned.setdefault(rule.country, []).append(rule)
    if not owned:
        return
    first = min(rule.valid_from for listed in owned.values() for rule in listed)
    last = max(rule.valid_to for listed in owned.values() for rule in listed)
    until = last.date() + timedelta(1) if last.date() < date.max else date.max
    info = PackInfo(
        "eu-rules",
        "National entry rules of EU countries",
        "COVID-19 entry rules of single countries for EU digital COVID certificates (CertLogic)",
        tuple(sorted(owned)),
        "UTC",
        until.toordinal(),
        first.date().toordinal(),
        until.toordinal(),
        False,
    )
    yield Pack(info, Path("eu-rules"), [_policy(info, country, owned[country]) for country in sorted(owned)])


def _policy(info: PackInfo, country: str, rules: Sequence[Rule]) -> CompiledPolicy:
    """One country's rules as a policy. It has no end of its own: which rules hold on a day, the rule set selects."""
    ident = f"eu-rules-{country.lower()}"
    start = int(min(rule.valid_from for rule in rules).timestamp())
    return CompiledPolicy(
        id=ident,
        kind="rule",
        title=f"National entry rules of {country} for EU digital COVID certificates",
        status="in force",
        authority=country,
        legal_basis=None,
        citation=None,
        pack=info,
        channels=CHANNELS,
        borders=frozenset(),
        at_departure=False,
        anchor="arrival",
        versions=(Version(ident, ALWAYS, start, FOREVER, None, None),),
        withdrawn=None,
        extendable=False,
        overrides=(),
        unsettles=(),
        parent=None,
        recommendation=False,
        applies=None,
        clauses=(CompiledClause("", None, External(HOOK, ()), ()),),
        exemptions=(),
        duties=(),
        confidence="sourced",
        from_memory=(),
        sources=(SourceRef("eu-rules", f"EU DCC validation rules of {country} ({len(rules)} rules imported)", None),),
        starts=start,
    )
