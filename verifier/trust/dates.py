"""The dates of a signature against the moment asked about and against its signer (dcc.md section 3).

Enforced: issued <= at, not before <= at, at <= expires. That the signer's own validity should enclose them all is
reported as a note, because real issuers exceed it by years; a ring that works by the shell model (ICAO, WHO) makes it
OPEN.
"""

from __future__ import annotations

from datetime import datetime

from verifier.findings import Finding, Outcome
from verifier.model import SignedDates, Signer
from verifier.trust.codes import DatesCode

SHELL_MODEL_RINGS = frozenset({"icao", "who"})
RINGS_WITH_EXPIRY = frozenset({"hcert", "who", "nzcp"})


def check_dates(dates: SignedDates, signer: Signer, at: datetime) -> tuple[Finding, ...]:
    """Findings for every comparison that does not hold; empty where all hold.

    Args:
        dates: of the signature, UTC.
        signer: the key that verified, with the validity of its certificate.
        at: the moment asked about, with zone.
    """
    found: list[Finding] = []
    issued, start, end = dates.issued, dates.not_before, dates.expires
    if end is not None and at > end:
        found.append(Finding(DatesCode.EXPIRED, Outcome.OPEN, {"expired": end.isoformat()}))
    if end is None and signer.ring in RINGS_WITH_EXPIRY:
        found.append(Finding(DatesCode.NO_EXPIRY, Outcome.NOTE))
    if issued is not None and at < issued:
        found.append(Finding(DatesCode.NOT_YET_VALID, Outcome.OPEN, {"valid_from": issued.isoformat()}))
    elif start is not None and at < start:
        found.append(Finding(DatesCode.NOT_YET_VALID, Outcome.OPEN, {"valid_from": start.isoformat()}))
    if signer.not_before is None or signer.not_after is None:
        return tuple(found)
    shell = signer.ring in SHELL_MODEL_RINGS or signer.domain is not None  # keys of WHO trust domains
    if issued is not None and issued < signer.not_before:
        facts = {"issued": issued.isoformat(), "signer_from": signer.not_before.isoformat()}
        found.append(Finding(DatesCode.ISSUED_BEFORE_SIGNER, Outcome.NOTE, facts))
    if end is not None and end > signer.not_after:
        facts = {"expires": end.isoformat(), "signer_until": signer.not_after.isoformat()}
        found.append(Finding(DatesCode.EXPIRES_AFTER_SIGNER, Outcome.NOTE, facts))
    outcome = Outcome.OPEN if shell else Outcome.NOTE
    if at > signer.not_after:
        found.append(Finding(DatesCode.SIGNER_EXPIRED, outcome, {"until": signer.not_after.isoformat()}))
    elif at < signer.not_before:
        found.append(Finding(DatesCode.SIGNER_NOT_YET_VALID, outcome, {"from": signer.not_before.isoformat()}))
    return tuple(found)
