"""Payloads of an HC1 envelope that are not the EU DCC: which one it is, what it states, and its reader.

`hcert` asks `classify` for the name; `NAMES` lists every name that `read` takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.health.record import HealthRecord
from verifier.model import Claim, SignedPayload

NAMES: tuple[str, ...] = ()


def classify(claims: Mapping[Any, Any]) -> str | None:
    """Name of the payload inside these CWT claims, or None if it is none of ours."""
    return None


def states(claims: Mapping[Any, Any]) -> frozenset[Claim]:
    """What the payload states, for key usage."""
    return frozenset()


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a payload named in `NAMES`."""
    raise NotImplementedError(payload.format)
