"""Revocation by identifier: SMART Health Card rid lists, and lists of certificate identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from verifier.findings import Finding, Outcome
from verifier.model import Envelope
from verifier.trust.codes import TrustCode
from verifier.trust.keys import RevocationList, TrustedKey

_NO_LIST = (Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.NOTE, {"reason": "no-list-published"}),)


def check_revocation(
    envelope: Envelope, key: TrustedKey, lists: Sequence[RevocationList], at: datetime
) -> tuple[Finding, ...]:
    """What the revocation lists for this key say.

    No list for a ring that publishes none: a note that revocation was not checked. A key that promises a list we do not
    hold, or hold in an older version: OPEN. A named document: UNMET with alert, where the entry has a moment only if
    the document was issued before it (SMART Health Cards 1.4, revocation).
    """
    mine = lists and [
        held
        for held in lists
        if held.crl is None
        and held.ring == envelope.hint.ring
        and (held.kid is None or held.kid == key.kid)
        and (held.issuer is None or held.issuer == key.issuer)
    ]
    if not mine:
        if key.crl_version is not None:
            return (Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.OPEN, {"reason": "list-missing"}),)
        if envelope.hint.ring in ("icao",):
            return ()  # the chain speaks of its own revocation lists
        return _NO_LIST
    from verifier.trust.shc_revocation import identifiers  # brings a reader of lists along, and few have a list

    found: list[Finding] = []
    issued = envelope.dates.not_before or envelope.dates.issued
    for held in mine:
        for ident in identifiers(envelope, held):
            if ident not in held.entries:
                continue
            before = held.entries[ident]
            if before is None or issued is None or issued < before:
                facts = {} if before is None else {"before": before.isoformat()}
                return (Finding(TrustCode.REVOKED, Outcome.UNMET, facts, alert=True),)
        if key.crl_version is not None and held.version is not None and held.version < key.crl_version:
            versions = {"version": held.version, "current": key.crl_version}
            found.append(Finding(TrustCode.REVOCATION_STALE, Outcome.OPEN, versions))
        elif held.next_update is not None and at > held.next_update:
            found.append(Finding(TrustCode.REVOCATION_STALE, Outcome.OPEN, {"due": held.next_update.isoformat()}))
    return tuple(found)
