"""Finding codes of the WHO trust lists."""

from __future__ import annotations

from verifier.findings import Code


class DidCode(Code):
    """A DID document that lists keys, its proof, and its entries."""

    PROOF_HOLDS = "did.proof-holds"
    PROOF_INVALID = "did.proof-invalid"
    PROOF_UNCHECKED = "did.proof-unchecked"
    PROOF_SIGNER = "did.proof-signer-differs"
    ENVIRONMENT = "did.environment-refused"
    ENTRY_ELSEWHERE = "did.entry-elsewhere"
    REFERENCES = "did.references-not-followed"
    OTHER_USAGE = "did.other-usage"
    USAGE_DIFFERS = "did.usage-differs"
    NO_AUTHORITY = "did.no-authority"
