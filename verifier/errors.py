"""The error model: stages raise coded errors, the outer call explains.

`ConfigError` belongs to start-up (bad anchors, packs, settings) and never reaches a passenger. `DocumentError` belongs
to one scanned document; `CheckIn.check` turns it into a Finding. Anything else that escapes is our own bug.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from verifier.findings import NO_FACTS, Code, Finding, Outcome


class CleargateError(Exception):
    """Base of every error of this kit: `code`, `facts`, and `outcome` when it becomes a finding."""

    outcome: Outcome = Outcome.OPEN

    def __init__(
        self,
        code: Code,
        *,
        facts: Mapping[str, Any] | None = None,
        outcome: Outcome | None = None,
        alert: bool = False,
    ) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts: Mapping[str, Any] = facts or NO_FACTS
        self.alert = alert
        if outcome is not None:
            self.outcome = outcome

    def __str__(self) -> str:
        facts = ", ".join(f"{key}={value!r}" for key, value in self.facts.items())
        return f"{self.code.value}{f' ({facts})' if facts else ''}"

    def finding(self) -> Finding:
        """The same as a finding."""
        return Finding(self.code, self.outcome, self.facts, self.alert)


def whereabouts(error: BaseException) -> str:
    """The calls that led to an error, for the log: files, lines, functions; never its text, which may name a person."""
    import traceback  # nobody pays for it at start-up

    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)


class ConfigError(CleargateError):
    """Bad certificates, rules or settings; raised at start-up with file and line in the facts."""


class InputError(CleargateError):
    """A question that cannot be asked: a bad command line, request body or JSON line."""


class DocumentError(CleargateError):
    """Something is wrong with one scanned document."""


class ScanError(DocumentError):
    """No payload could be taken from the picture or file."""


class EnvelopeError(DocumentError):
    """The payload is not a well-formed certificate of the format it claims to be."""


class TrustError(DocumentError):
    """The signature, its signer or its dates do not hold, or cannot be told."""


class RecordError(DocumentError):
    """The signed content does not say what its format requires."""
