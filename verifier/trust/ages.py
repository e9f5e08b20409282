"""How old a list is at the moment asked about, and what that means for the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from verifier.findings import Finding, Outcome
from verifier.trust.codes import ListCode
from verifier.trust.keys import ListSource

FRESH_FOR = timedelta(days=14)


def stale_after(source: ListSource) -> datetime | None:
    """When a list starts to count as stale: as stated, else its expiry, else 14 days after it was fetched."""
    if source.stale_after is not None:
        return source.stale_after
    if source.expires is not None:
        return source.expires
    return None if source.fetched is None else source.fetched + FRESH_FOR


def check_age(source: ListSource | None, at: datetime, known: datetime) -> tuple[Finding, ...]:
    """Findings about the age of the list a key came from.

    Stale at `at`: OPEN, the signer may have been withdrawn since. Fetched after `known`: used, and marked, because a
    list only ever learns. Of unknown age: a note.
    """
    if source is None:
        return ()
    if source.fetched is None:
        return (Finding(ListCode.AGE_UNKNOWN, Outcome.NOTE, {"list": source.name}),)
    found: list[Finding] = []
    if source.fetched > known:
        facts = {"list": source.name, "fetched": source.fetched.isoformat()}
        found.append(Finding(ListCode.FETCHED_LATER, Outcome.NOTE, facts))
    end = stale_after(source)
    if end is not None and at > end and source.fetched <= at:
        facts = {"list": source.name, "fetched": source.fetched.isoformat(), "stale_after": end.isoformat()}
        found.append(Finding(ListCode.STALE, Outcome.OPEN, facts))
    return tuple(found)
