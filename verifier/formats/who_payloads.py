"""Payloads of an HC1 envelope that are not the EU DCC: which one it is, what it states, and its reader.

`hcert` asks `classify` for the name; `NAMES` lists every name that `read` takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from verifier.formats import who_ddcc, who_icvp, who_link
from verifier.health.record import HealthRecord
from verifier.model import Claim, SignedPayload

HCERT = -260
READERS: Mapping[str, Callable[[SignedPayload], HealthRecord]] = {
    who_icvp.NAME: who_icvp.read_icvp,
    who_link.NAME: who_link.read_link,
    who_ddcc.NAME: who_ddcc.read_ddcc,
}
NAMES: tuple[str, ...] = tuple(READERS)


def classify(claims: Mapping[Any, Any]) -> str | None:
    """Name of the payload inside these CWT claims, or None if it is none of ours."""
    hcert = claims.get(HCERT)
    if isinstance(hcert, Mapping):
        if who_icvp.CLAIM in hcert:
            return who_icvp.NAME
        if who_link.CLAIM in hcert:
            return who_link.NAME
    return who_ddcc.NAME if who_ddcc.core_set(claims) is not None else None


def states(claims: Mapping[Any, Any]) -> frozenset[Claim]:
    """What the payload states, for key usage. A link states nothing that a usage could allow or forbid."""
    name = classify(claims)
    if name == who_link.NAME or name is None:
        return frozenset()
    core = who_ddcc.core_set(claims) if name == who_ddcc.NAME else None
    return frozenset({Claim.TEST if core is not None and who_ddcc.states_test(core) else Claim.VACCINATION})


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a payload named in `NAMES`.

    Raises:
        RecordError: of the payload's own reader.
    """
    return READERS[payload.format](payload)
