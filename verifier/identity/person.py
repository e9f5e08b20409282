"""Certificate, passport and booking put together: is the certificate about the person who wants to board?

The certificate is judged against the traveller, the traveller against the booking, and the certificate against the
booking where the first two leave a doubt. A document number signed into the certificate is the strongest evidence: it
settles a pair that names leave open, and a number that differs keeps names from settling it. Missing evidence is OPEN,
never MET.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from verifier.findings import Finding, Outcome
from verifier.health.record import Holder
from verifier.identity import names
from verifier.identity.align import Words
from verifier.identity.codes import DateRelation, Label
from verifier.identity.codes import IdentityCode as C
from verifier.identity.likeness import same
from verifier.identity.match import MatchResult, agreement, match_names
from verifier.identity.names import NameSource, PersonName
from verifier.identity.plain import source_of, writes_alike
from verifier.model import Source, TravelDocument, Traveller
from verifier.quick import quick

_WORST = {Label.MATCH: 0, Label.REFER: 1, Label.MISMATCH: 2}
_TERMS = {
    Source.PASSPORT: "names.passport", Source.BOARDING_PASS: "names.boarding-pass", Source.BOOKING: "names.booking",
    Source.FLIGHT_LIST: "names.flight-list", Source.CERTIFICATE: "names.certificate", Source.AGENT: "names.traveller",
}  # fmt: skip
_PASSPORT_KINDS = frozenset({"P", "PP", "PPN", "PASSPORT", "PASSPORT NUMBER", "PASSPORTNUMBER"})
MAX_NATIVE = 16  # words of a certificate whose spellings are lent to the traveller's name
_SETTLES = frozenset({DateRelation.EQUAL, DateRelation.ABSENT, DateRelation.PARTIAL})


@quick
@dataclass(frozen=True, slots=True)
class IdentityResult:
    """The answer about one certificate.

    Attributes:
        label: for the case as a whole: certificate, traveller and booking.
        holder: is the certificate about the traveller?
        booking: is the booking about the traveller? None without a booking.
        pairs: the pairs judged, certificate and traveller first.
        findings: MET for a match, OPEN for refer, UNMET for a mismatch, each with its reasons.
    """

    label: Label
    holder: Label
    booking: Label | None
    pairs: tuple[MatchResult, ...]
    findings: tuple[Finding, ...]

    def sentence(self, language: str = "en") -> str:
        """The sentence of the first pair that is no match, else of the first pair."""
        pair = next((p for p in self.pairs if p.label is not Label.MATCH), self.pairs[0])
        return pair.sentence(language)


def name_of_holder(holder: Holder, *, format: str | None = None) -> PersonName:  # noqa: A002 - the word of the record
    """The name of a certificate's holder. `format` tells whether an undivided name puts the surname first (VDS-NC)."""
    if holder.surname or holder.given or holder.surname_std or holder.given_std:
        name = names.from_dcc(
            holder.surname or "", holder.given or "", holder.surname_std or "", holder.given_std or ""
        )
    else:
        seal = format is not None and format.startswith("vds")
        name = names.from_full(holder.full_name or "", NameSource.VDS if seal else NameSource.DIVOC)
    return names.dated(name, holder.birth_date, term="names.certificate", initials=holder.initials_only)


def name_of_traveller(traveller: Traveller) -> PersonName:
    """The name of a traveller: the fixed-width field where one is kept, because it shows what was cut."""
    source = source_of(traveller)
    field = traveller.name_field
    if field and (
        source is Source.PASSPORT or (source is not Source.BOARDING_PASS and "<" in field and "/" not in field)
    ):
        name = names.from_mrz(field)
    elif field and (source is Source.BOARDING_PASS or "/" in field):
        name = names.from_bcbp(field)
    else:
        name = names.from_booking(
            traveller.surname or (field if not traveller.given_names else None), traveller.given_names
        )
    return names.dated(name, traveller.birth_date, term=_term(traveller))


def _term(traveller: Traveller) -> str:
    """What to call the source of the traveller's name."""
    source = source_of(traveller)
    return _TERMS[source] if source else "names.traveller"


@lru_cache(maxsize=512)
def _same(term: str, document: int | None) -> IdentityResult:
    """The answer where both write the same: it holds nothing of the person."""
    pair = agreement(term)
    return IdentityResult(pair.label, pair.label, None, (pair,), pair.findings(document))


def match_all(
    certificate: PersonName | None, passport: PersonName | None, booking: PersonName | None
) -> tuple[MatchResult, ...]:
    """Every pair of the names given: certificate and passport, passport and booking, certificate and booking."""
    pairs = ((certificate, passport), (passport, booking), (certificate, booking))
    return tuple(match_names(a, b) for a, b in pairs if a is not None and b is not None)


def match_identity(
    holder: Holder,
    traveller: Traveller,
    booking: Traveller | None = None,
    *,
    format: str | None = None,  # noqa: A002 - the word of the record
    document: int | None = None,
) -> IdentityResult:
    """Judge whether a certificate, a traveller and a booking are about one person.

    Args:
        holder: whom the certificate is about, from a verified record.
        traveller: the person at the desk, from the passport where it was read.
        booking: the same from a boarding pass, booking or flight list; None where none was shown.
        format: name of the certificate's format module, for undivided names.
        document: index of the certificate among the documents read, for the findings.
    """
    if booking is None and not holder.documents and writes_alike(holder, traveller):
        return _same(_term(traveller), document)
    certificate, person = name_of_holder(holder, format=format), name_of_traveller(traveller)
    pair, more = _by_document(match_names(certificate, person), certificate, person, holder, traveller)
    missing = _missing(pair, certificate, person, more)
    if missing and pair.label is Label.MATCH:
        pair = replace(pair, label=Label.REFER)
    findings = pair.findings(document)
    if more or missing:
        facts = pair.facts()
        findings += tuple([Finding(code, outcome, facts, document=document) for code, outcome in (*more, *missing)])
    if booking is None:
        return IdentityResult(pair.label, pair.label, None, (pair,), findings)
    booked = name_of_traveller(booking)
    second, third = _with_booking(pair, certificate, person, booked)
    findings += second.findings()
    label = pair.label if _WORST[pair.label] >= _WORST[second.label] else second.label
    if third is None:
        return IdentityResult(label, pair.label, second.label, (pair, second), findings)
    if third.label is Label.MISMATCH and label is Label.MATCH:
        third = replace(third, label=Label.REFER)  # each agrees with the passport, but not with the other
        findings, label = findings + third.findings(document), Label.REFER
    return IdentityResult(label, pair.label, second.label, (pair, second, third), findings)


def _with_booking(
    pair: MatchResult, certificate: PersonName, person: PersonName, booked: PersonName
) -> tuple[MatchResult, MatchResult | None]:
    """Traveller and booking; and certificate and booking where the other two pairs leave something to ask.

    The certificate's native spelling can explain what passport and booking alone do not: MUELLER and MULLER are one
    name when a certificate of the same person writes it with an umlaut.
    """
    second = match_names(_spelled_like(person, certificate) if pair.label is Label.MATCH else person, booked)
    both_match = pair.label is Label.MATCH and second.label is Label.MATCH
    if both_match and not ((C.GIVEN_MISSING, 2) in pair.reasons and (C.GIVEN_MISSING, 1) in second.reasons):
        return second, None
    return second, match_names(certificate, booked)


def _spelled_like(person: PersonName, certificate: PersonName) -> PersonName:
    """The traveller's name with the spellings that a certificate of the same person permits for its words."""
    native = [word for form in certificate.forms for word in form.primary + form.secondary if len(word) > 1]
    if not native or len(native) > MAX_NATIVE:
        return person

    def spelled(words: Words) -> Words:
        return tuple([next((known for known in native if same(known, word)), word) for word in words])

    forms = tuple(
        [form._replace(primary=spelled(form.primary), secondary=spelled(form.secondary)) for form in person.forms]
    )
    return person._replace(forms=forms)


_Noted = tuple[tuple[C, Outcome], ...]


def _missing(pair: MatchResult, certificate: PersonName, person: PersonName, settled: _Noted) -> _Noted:
    """Evidence that one side does not have: ask for it. A document number that agrees stands in for a date."""
    if not person.forms and not person.caps:
        return ((C.TRAVELLER_NAME_MISSING, Outcome.OPEN),)
    if (
        pair.date is not DateRelation.ABSENT
        or pair.label is Label.MISMATCH
        or (C.DOCUMENT_AGREES, Outcome.MET) in settled
    ):
        return ()
    if person.birth.year is None:
        return ((C.TRAVELLER_DATE_MISSING, Outcome.OPEN),)
    return ((C.HOLDER_DATE_MISSING, Outcome.OPEN),)


def _by_document(
    pair: MatchResult, certificate: PersonName, person: PersonName, holder: Holder, traveller: Traveller
) -> tuple[MatchResult, _Noted]:
    """The pair as the document numbers change it, and what they say."""
    verdict = _numbers(holder, traveller.document)
    if verdict is None:
        return pair, ()
    if verdict is C.DOCUMENT_NOT_COMPARED:
        return pair, ((verdict, Outcome.NOTE),)
    if verdict is C.DOCUMENT_AGREES:
        if pair.label is Label.MISMATCH:
            return replace(pair, label=Label.REFER), ((C.DOCUMENT_AGAINST_NAMES, Outcome.OPEN),)
        plain = not certificate.caps and not person.caps and certificate.forms and person.forms
        if pair.label is Label.REFER and pair.date in _SETTLES and plain:
            pair = replace(pair, label=Label.MATCH)
        return pair, ((verdict, Outcome.MET),)
    if pair.label is Label.MATCH:
        pair = replace(pair, label=Label.REFER)
    return pair, ((verdict, Outcome.OPEN),)


def _numbers(holder: Holder, document: TravelDocument | None) -> C | None:
    """What the document numbers say; None where either side has none."""
    if not holder.documents or not document or not (number := _plain_number(document.number)):
        return None
    comparable = False
    for stated in holder.documents:
        value = stated.number.upper()
        masked = "*" in value or "XXX" in value
        if not masked and _plain_number(value) == number:
            return C.DOCUMENT_AGREES
        masked |= not _plain_number(value)
        kinds = (stated.kind or "P").upper() in _PASSPORT_KINDS and (document.kind or "P").upper().startswith("P")
        issuers = stated.issuer, document.issuer
        elsewhere = all(issuers) and len(issuers[0] or "") == len(issuers[1] or "") and issuers[0] != issuers[1]
        comparable |= kinds and not masked and not elsewhere
    return C.DOCUMENT_DIFFERS if comparable else C.DOCUMENT_NOT_COMPARED


def _plain_number(number: str | None) -> str:
    """Letters and digits alone; empty for what stands where a number is not known: `N/A`, `NONE`, `0000000`."""
    plain = "".join(character for character in (number or "").upper() if character.isalnum())
    return plain if len(set(plain)) > 1 and any(map(str.isdigit, plain)) else ""
