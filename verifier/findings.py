"""What a check found: a stable code, an outcome in three-valued logic, and the facts.

This module is the ground floor: it imports nothing of the project. Words for people live in `verifier.wording`;
a finding carries only what a program can use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from verifier.quick import quick


class Outcome(StrEnum):
    """What one finding means for the question it belongs to.

    `MET` the check was made and holds; `NOTE` worth saying, without effect; `OPEN` cannot tell, a person must look;
    `UNMET` the check fails or the document gives no evidence.
    """

    MET = "met"
    NOTE = "note"
    OPEN = "open"
    UNMET = "unmet"


class Code(StrEnum):
    """Base of all finding codes. Each area subclasses it with its own members; values are `area.what-happened`.

    A value, once published, never changes its meaning and is never reused.
    """

    @property
    def area(self) -> str:
        """The part before the first full stop; names the gettext catalogue that holds the sentence."""
        return self.value.partition(".")[0]


NO_FACTS: Mapping[str, Any] = MappingProxyType({})


@quick
@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing.

    Attributes:
        code: stable identifier, such as `trust.signer-unknown`.
        outcome: effect on the answer.
        facts: JSON-able values the sentence may need (dates as ISO text). Never names or payloads of a passenger.
        alert: True where an agent must not rely on the code at all (forged, revoked, wrong key usage).
        document: index of the document among those read, or None where the finding is about the whole case.
    """

    code: Code
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=lambda: NO_FACTS)
    alert: bool = False
    document: int | None = None

    def as_json(self) -> dict[str, Any]:
        """`{code, outcome, facts}` and, only where set, `alert` and `document`."""
        out: dict[str, Any] = {"code": self.code.value, "outcome": self.outcome.value, "facts": dict(self.facts)}
        if self.alert:
            out["alert"] = True
        if self.document is not None:
            out["document"] = self.document
        return out


def all_codes() -> Iterator[Code]:
    """Every code of every area that has been imported so far."""
    for area in Code.__subclasses__():
        yield from area
