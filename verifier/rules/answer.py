"""The answer of the rules: one outcome, and for every policy that was consulted its own, with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from verifier.findings import Finding, Outcome
from verifier.quick import quick
from verifier.rules.logic import OUTCOMES
from verifier.rules.policy import CompiledPolicy, PackInfo, Version

Role = Literal["entry", "transit", "inside"]
TRANSIT: Final = "transit"
VERDICTS: Final[tuple[Literal["denied"], Literal["refer"], Literal["cleared"]]] = ("denied", "refer", "cleared")


@quick
@dataclass(frozen=True, slots=True)
class PolicyAnswer:
    """What one policy says about the case.

    Attributes:
        answer: MET, OPEN or UNMET as the engine's number; `outcome` is its public form.
        version: the version that applied, such as one monthly period.
        exemption: which exemption lifted it, or None.
        leg: position of the leg at whose transit point it was asked; None at the destination.
        duties: what the passenger or the carrier must do; keys `duty.<name>` in the catalogues.
        findings: why; each names the policy in its facts.
    """

    policy: CompiledPolicy
    version: Version | None
    answer: int
    findings: tuple[Finding, ...] = ()
    duties: tuple[str, ...] = ()
    exemption: str | None = None
    leg: int | None = None

    @property
    def id(self) -> str:
        """Stable identifier of the policy; `policy.<id>` is its title in the catalogues."""
        return self.policy.id

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        return OUTCOMES[self.answer]

    def as_json(self) -> dict[str, Any]:
        """Policy, version, outcome, reasons, duties, source and confidence as JSON-able values."""
        policy, version = self.policy, self.version
        return {
            "id": policy.id,
            "version": version.id if version else policy.id,
            "kind": policy.kind,
            "title": policy.title,
            "outcome": self.outcome.value,
            "authority": policy.authority,
            "citation": (version.citation if version else None) or policy.citation,
            "effective_from": _instant(version.start) if version else None,
            "recommendation": policy.recommendation,
            "confidence": policy.confidence,
            "exemption": self.exemption,
            "duties": list(self.duties),
            "findings": [finding.as_json() for finding in self.findings],
            "source": [{"ref": source.ref, "title": source.title, "url": source.url} for source in policy.sources],
            "pack": policy.pack.id,
            **({} if self.leg is None else {"leg": self.leg}),
        }


@quick
@dataclass(frozen=True, slots=True)
class LegAnswer:
    """What is said of one leg: of the border where it lands.

    Attributes:
        index: position in the journey; `origin`, `destination` codes as given; `place` is where it lands.
        role: `entry` into the destination, `transit` on the way, `inside` where it crosses no border that is asked.
        policies: those asked there.
        findings: about the point as a whole.
    """

    index: int
    origin: str
    destination: str
    place: str
    role: Role
    answer: int
    findings: tuple[Finding, ...] = ()
    policies: tuple[PolicyAnswer, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """MET, OPEN or UNMET."""
        return OUTCOMES[self.answer]

    def as_json(self) -> dict[str, Any]:
        """Route, role, outcome, policies and every finding as JSON-able values."""
        said = (*self.findings, *(finding for policy in self.policies for finding in policy.findings))
        policies = [
            {"id": policy.id, "version": policy.version.id if policy.version else policy.id,
             "outcome": policy.outcome.value}
            for policy in self.policies
        ]  # fmt: skip
        return {
            "leg": self.index,
            "from": self.origin,
            "to": self.destination,
            "place": self.place,
            "role": self.role,
            "outcome": self.outcome.value,
            "policies": policies,
            "findings": [finding.as_json() for finding in said],
        }


@quick
@dataclass(frozen=True, slots=True)
class RulesAnswer:
    """The conjunction of all that applies.

    Attributes:
        answer: the engine's number; `outcome` and `verdict` are its public forms.
        policies: every policy that applied or might apply, in the order of the packs, then those of transit points.
        findings: about the case as a whole: problems of the question, no pack, outside the span, recorded absence.
        packs: packs consulted.
        legs: one answer for each leg; that of the last border is the entry.
    """

    answer: int
    policies: tuple[PolicyAnswer, ...]
    findings: tuple[Finding, ...]
    packs: tuple[PackInfo, ...] = ()
    legs: tuple[LegAnswer, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """MET, OPEN or UNMET."""
        return OUTCOMES[self.answer]

    @property
    def verdict(self) -> Literal["denied", "refer", "cleared"]:
        """The outcome in the words of a check-in desk."""
        return VERDICTS[self.answer]

    @property
    def duties(self) -> tuple[str, ...]:
        """All duties, each once, in order."""
        return tuple(dict.fromkeys(duty for policy in self.policies for duty in policy.duties))

    def all_findings(self) -> tuple[Finding, ...]:
        """Case-level findings, then those of each policy, then those of transit points."""
        return (*self.findings, *(said for policy in self.policies for said in policy.findings), *self.on_the_way())

    def on_the_way(self) -> tuple[Finding, ...]:
        """What is said of transit points as a whole."""
        return tuple(finding for leg in self.legs if leg.role == TRANSIT for finding in leg.findings)

    def as_json(self) -> dict[str, Any]:
        """The whole answer as JSON-able values."""
        return {
            "verdict": self.verdict,
            "outcome": self.outcome.value,
            "policies": [policy.as_json() for policy in self.policies],
            "findings": [finding.as_json() for finding in (*self.findings, *self.on_the_way())],
            "legs": [leg.as_json() for leg in self.legs],
            "duties": list(self.duties),
            "packs": [pack_json(pack) for pack in self.packs],
        }


@dataclass(frozen=True, slots=True)
class Earliest:
    """The first moment (UTC) of travel at which the case would be cleared, if tests and papers in `needs` are had by
    then.
    """

    at: datetime
    needs: tuple[Finding, ...] = ()


def pack_json(pack: PackInfo) -> Mapping[str, Any]:
    """Subject and span of a pack."""
    days = {"as_of": pack.as_of, "complete_from": pack.complete_from, "complete_until": pack.complete_until}
    dated = {name: date.fromordinal(day).isoformat() for name, day in days.items()}
    return {"id": pack.id, "title": pack.title, "subject": pack.subject, **dated}


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
