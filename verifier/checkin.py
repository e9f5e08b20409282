"""The check at the desk, in one call: scans in, one explained decision out.

    1. unfold      pictures and files into the bytes of their codes
    2. travel      passport zones and boarding passes among them complete traveller and journey
    3. read        envelope, trust and record of every health document
    4. identity    is each record about this traveller?
    5. rules       what does this journey require on that day, as known then, and is it met?
    6. decide      one verdict with its reasons

No stage raises for what a passenger shows, and no failure of ours ever clears anyone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from verifier.decision import Decision, DecisionCode, Shown, combine
from verifier.errors import CleargateError, DocumentError, whereabouts
from verifier.findings import Finding, Outcome
from verifier.formats.recognition import FormatCode
from verifier.formats.shc_codes import ShcCode
from verifier.health.dates import HealthCode
from verifier.health.record import HealthRecord
from verifier.identity.codes import Label
from verifier.identity.person import match_identity
from verifier.identity.sources import same_person
from verifier.model import Journey, Scan, Source, Traveller
from verifier.reading import Document, Evidence, read_items, unfold
from verifier.rules.case import Case, EvidenceState
from verifier.rules.case import Evidence as RuleEvidence
from verifier.rules.rulebook import RuleBook
from verifier.travel import boarding_pass, mrz
from verifier.travel.journeys import journey_from_boarding_pass, merge_journeys
from verifier.travel.travellers import merge_travellers, traveller_from_boarding_pass, traveller_from_mrz
from verifier.trust.store import TrustStore

log = logging.getLogger(__name__)
BUDGET = 2.0  # seconds of wall time for one check; beyond it a person decides
_IDENTITY = {Label.MATCH: Outcome.MET, Label.REFER: Outcome.OPEN, Label.MISMATCH: Outcome.UNMET}
_STATES = {evidence: EvidenceState(evidence.value) for evidence in Evidence}
# looking a member of an enumeration up takes longer than most of what is done with it
_OPEN, _UNMET, _USABLE = Outcome.OPEN, Outcome.UNMET, Evidence.USABLE
Party = Sequence[tuple[Traveller, Sequence[Scan]]]


class _OverBudget(Exception):  # noqa: N818 - not an error of the question
    """The wall time of this check is used up."""


@dataclass(slots=True)
class _Run:
    """What one check has gathered so far."""

    at: datetime
    known: datetime
    deadline: float
    findings: list[Finding] = field(default_factory=list)
    documents: list[Shown] = field(default_factory=list)
    evidence: list[RuleEvidence] = field(default_factory=list)
    doubt: bool = False

    def doubts(self, code: DecisionCode, **facts: object) -> None:
        self.doubt = True
        self.findings.append(Finding(code, Outcome.OPEN, facts))


class CheckIn:
    """Answers for any number of passengers; made once, kept, and safe to share between threads."""

    def __init__(
        self,
        *,
        trust: TrustStore,
        rules: RuleBook,
        budget: float = BUDGET,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take trust store and rule book.

        Args:
            budget: seconds of wall time for one check; beyond it the answer is `refer`.
            timer: seconds, monotonic; only for the budget.
        """
        self.trust = trust
        self.rules = rules
        self._budget = budget
        self._timer = timer

    def check(
        self,
        *,
        scans: Sequence[Scan],
        traveller: Traveller,
        journey: Journey | None,
        at: datetime,
        known: datetime | None = None,
        booking: Traveller | None = None,
        shown: Sequence[str | Mapping[str, object]] = (),
        party: Party | None = None,
    ) -> Decision:
        """Check one passenger.

        Args:
            scans: everything shown as a code, picture or file: health documents, boarding pass, passport zone as text.
            traveller: the person as passport, booking or agent state it.
            journey: the legs; None where a scanned boarding pass gives them.
            at: the moment asked about, with zone.
            known: the moment whose knowledge of rules and lists counts; default `at`.
            booking: the same person from the booking, where it is to be compared with the passport.
            shown: what an agent saw without a signature: names such as `attestation`, or mappings with `type`.
            party: who travels along, each with their own scans; None where it was not asked.

        Returns:
            The decision; never raises for what is shown. A naive `at` is our caller's fault and raises ValueError.
        """
        if at.tzinfo is None or (known is not None and known.tzinfo is None):
            raise ValueError("at and known need a time zone")
        run = _Run(at, known or at, self._timer() + self._budget)
        try:
            return self._check(run, scans, traveller, journey, booking, shown, party)
        except _OverBudget:
            run.doubts(DecisionCode.OVER_BUDGET, seconds=self._budget)
        except CleargateError as error:
            run.findings.append(error.finding())
            run.doubts(DecisionCode.QUESTION_REFUSED, reason=error.code.value)
        except Exception as error:  # noqa: BLE001 - our bug: nobody is cleared by it, and nothing personal is logged
            log.error("a check failed with %s", type(error).__name__)
            log.debug("it came from %s", whereabouts(error))
            run.doubts(DecisionCode.FAULT, kind=type(error).__name__)
        verdict = combine(Outcome.OPEN, doubt=True, unread_could_help=False)
        return Decision(verdict, tuple(run.findings), run.at, run.known, tuple(run.documents))

    def _check(
        self,
        run: _Run,
        scans: Sequence[Scan],
        traveller: Traveller,
        journey: Journey | None,
        booking: Traveller | None,
        shown: Sequence[str | Mapping[str, object]],
        party: Party | None,
    ) -> Decision:
        items = unfold(scans, pause=lambda: self._in_time(run), remarks=run.findings)  # 1
        self._in_time(run)
        rest, traveller, journey, others = self._travel(run, items, traveller, journey, booking)  # 2
        read = list(self._read(run, rest))  # 3
        self._identify(run, read, traveller, others)  # 4
        case = Case.from_travel(  # 5
            traveller,
            journey or Journey(()),
            run.evidence,
            known=run.known,
            shown=shown,
            party=None
            if party is None
            else [(person, self._companion(run, theirs, person)) for person, theirs in party],
        )
        self._in_time(run)
        answer = self.rules.judge(case, budget=max(run.deadline - self._timer(), 0.0))
        could_help = False
        if answer.outcome is Outcome.UNMET and any(map(_unread, read)):
            could_help = self.rules.judge(case, unread=True).outcome is not Outcome.UNMET
            if could_help:
                run.findings.append(Finding(DecisionCode.UNREAD_COULD_HELP, Outcome.OPEN))
        verdict = combine(answer.outcome, doubt=run.doubt, unread_could_help=could_help)  # 6
        return Decision(
            verdict,
            (*run.findings, *answer.all_findings()),
            run.at,
            run.known,
            tuple(run.documents),
            answer.policies,
            answer.packs,
            answer.duties,
            _provenance(traveller, journey),
            ask_earliest=lambda: self.rules.earliest(case),
            ask_alternatives=lambda: _once(
                note
                for policy in answer.policies
                if policy.outcome is not Outcome.MET
                for note in self.rules.alternatives(case, policy)
            ),
        )

    def _in_time(self, run: _Run) -> None:
        if self._timer() > run.deadline:
            raise _OverBudget

    def _travel(
        self,
        run: _Run,
        items: Sequence[bytes | Document],
        traveller: Traveller,
        journey: Journey | None,
        booking: Traveller | None,
    ) -> tuple[list[bytes | Document], Traveller, Journey | None, list[Traveller]]:
        """Take boarding passes and passport zones out of the items; contradictions are findings that stay open.

        The last value is everybody else who is named: each must be the traveller, or somebody shows what is not theirs.
        """
        rest: list[bytes | Document] = []
        people, journeys = [traveller], [] if journey is None else [journey]
        others = [] if booking is None else [booking]
        if traveller.name_field and traveller.surname:  # matching reads the field alone
            others.append(replace(traveller, name_field=None))
        reference = run.at.date()
        for item in items:
            if isinstance(item, Document):
                rest.append(item)
            elif item[:1] in b"Mm]" and boarding_pass.recognise(item):
                try:
                    found = boarding_pass.parse_boarding_pass(item, reference=reference)
                except DocumentError:
                    rest.append(item)
                    continue
                run.findings.extend((*found.tolerated, *found.remarks))
                others.append(traveller_from_boarding_pass(found))
                journeys.append(journey_from_boarding_pass(found))
            elif item[:1] in b"PIACV" and item.count(b"<") > 4:
                try:
                    zone = mrz.parse_mrz(item, reference=reference)
                except DocumentError:
                    rest.append(item)
                    continue
                self._conflicts(run, zone.findings)
                people.append(traveller_from_mrz(zone))
            else:
                rest.append(item)
        if len(people) > 1:
            traveller, said = merge_travellers(people)
            self._conflicts(run, said)
            others += people
        if len(journeys) > 1:
            merged, said = merge_journeys(journeys)
            self._conflicts(run, said)
            return rest, traveller, merged, others
        return rest, traveller, journeys[0] if journeys else None, others

    @staticmethod
    def _conflicts(run: _Run, said: Iterable[Finding]) -> None:
        for finding in said:
            run.findings.append(finding)
            run.doubt |= finding.outcome in (Outcome.OPEN, Outcome.UNMET)

    def _read(self, run: _Run, items: Sequence[bytes | Document]) -> Iterable[Document]:
        for document in read_items(items, trust=self.trust, at=run.at, known=run.known):
            yield document
            self._in_time(run)

    def _identify(self, run: _Run, read: Sequence[Document], traveller: Traveller, others: Sequence[Traveller]) -> None:
        """Judge every record's holder; what is another person's is no evidence, a doubt leaves it open."""
        judged: list[Outcome] = []
        for index, document in enumerate(read):
            run.findings += [
                Finding(said.code, said.outcome, said.facts, said.alert, index) for said in document.findings
            ]
            identity: Outcome | None = None
            evidence = document.evidence
            if document.record is not None:
                result = match_identity(document.record.holder, traveller, format=document.format, document=index)
                identity = _IDENTITY[result.holder]
                judged.append(identity)
                run.findings += result.findings
                evidence = _after_identity(evidence, identity)
                run.evidence.append(RuleEvidence(document.record, _STATES[evidence]))
            run.documents.append(_shown(document, evidence, identity))
        if len(set(judged)) > 1 and _UNMET in judged:
            run.doubts(DecisionCode.TWO_PERSONS)
        for other in others:
            self._conflicts(run, same_person(traveller, other))

    def _companion(self, run: _Run, scans: Sequence[Scan], person: Traveller) -> list[RuleEvidence]:
        """Records of somebody who travels along; what is not theirs does not count for them."""
        out = []
        items = unfold(scans, pause=lambda: self._in_time(run))
        for document in read_items(items, trust=self.trust, at=run.at, known=run.known):
            self._in_time(run)
            if document.record is None:
                continue
            identity = _IDENTITY[match_identity(document.record.holder, person, format=document.format).holder]
            out.append(RuleEvidence(document.record, _STATES[_after_identity(document.evidence, identity)]))
        return out


_NO_CERTIFICATES = frozenset({FormatCode.BOARDING_PASS, FormatCode.MRZ, FormatCode.WIFI, FormatCode.CONTACT})


def _unread(document: Document) -> bool:
    """Something was shown that may be a certificate, and nobody could read it, or not a date in it that counts.

    Of several health cards read together the broken one is no document of its own: the others tell of it.
    """
    if document.record is None:
        return not any(finding.code in _NO_CERTIFICATES for finding in document.findings)
    return any(
        (isinstance(finding.code, HealthCode) and finding.outcome is Outcome.OPEN)
        or finding.code is ShcCode.CARD_LEFT_OUT
        for finding in document.findings
    )


def _after_identity(evidence: Evidence, identity: Outcome) -> Evidence:
    """The rows of the table of document states that speak of the holder."""
    if identity is _UNMET:
        return Evidence.NONE
    return Evidence.OPEN if identity is _OPEN and evidence is _USABLE else evidence


def _shown(document: Document, evidence: Evidence, identity: Outcome | None) -> Shown:
    source = document.source
    return Shown(
        document.format,
        document.signature._value_,  # as `value`, which goes through a descriptor
        evidence._value_,
        identity,
        _proves(document.record),
        document.issuer,
        document.kid,
        None if source is None else source.name,
        None if source is None else source.fetched,
    )


def _proves(record: HealthRecord | None) -> tuple[str, ...]:
    if record is None:
        return ()
    held = (("vaccination", record.vaccinations), ("test", record.tests), ("recovery", record.recoveries))
    return tuple([claim for claim, entries in held if entries])


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple({(item.code, str(item.facts)): item for item in findings}.values())


def _provenance(traveller: Traveller, journey: Journey | None) -> Mapping[str, Source]:
    return {
        **{f"traveller.{name}": source for name, source in traveller.sources.items()},
        **{f"journey.{name}": source for name, source in (journey.sources if journey else {}).items()},
    }
