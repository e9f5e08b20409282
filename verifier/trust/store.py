"""The trust store: from an envelope to a signed payload, or to the reason why not.

Only this module makes a `SignedPayload`. The key identifier of a document is a hint: every key listed under it is
tried. Every answer says which list its key came from and how old that list is at the moment asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from verifier.errors import ConfigError, TrustError
from verifier.findings import Finding, Outcome
from verifier.model import Envelope, SignedPayload, Signer
from verifier.quick import quick, remembered
from verifier.trust.ages import check_age, stale_after
from verifier.trust.chain_cache import ChainCache
from verifier.trust.codes import ListCode, TrustCode
from verifier.trust.dates import check_dates
from verifier.trust.keys import Authority, KeyList, ListSource, RevocationList, TrustedKey
from verifier.trust.revocation import check_revocation
from verifier.trust.signatures import check_signature, family, key_findings

ISSUER_BOUND = frozenset({"shc", "nzcp"})
CHAINED = frozenset({"icao"})
# domains of the WHO network whose keys are for one purpose; what a key of another may sign is the format's question
DOMAIN_FORMS: Mapping[str, frozenset[str]] = {
    "ICVP": frozenset({"icvp"}),
    "IPS-PILGRIMAGE": frozenset({"health-link"}),
}
PROOF_NOT_CHECKED = "none-checked"  # algorithm of a document whose proof this kit does not check (NL2)


_HOLDS = Finding(TrustCode.SIGNATURE_HOLDS, Outcome.MET)
_UNSAFE = (Finding(TrustCode.UNSAFE_ANY, Outcome.OPEN, alert=True),)


class SignatureState(StrEnum):
    """What can be said about the signature alone."""

    VALID = "valid"
    INVALID = "invalid"
    UNKNOWN_SIGNER = "unknown-signer"
    UNCHECKED = "unchecked"


_VALID = SignatureState.VALID  # looking a member up costs more than most checks
_UNSEEN: tuple[str | None, tuple[Finding, ...]] = (None, ())


@quick
@dataclass(frozen=True, slots=True)
class Checked:
    """The result of trust. `payload` is None unless `state` is VALID; `findings` hold everything trust had to say."""

    state: SignatureState
    findings: tuple[Finding, ...]
    payload: SignedPayload | None = None
    signer: Signer | None = None
    source: ListSource | None = None


class TrustStore:
    """Keys, authorities and revocations of any number of lists, indexed once.

    QA lists and production lists never mix in one store.
    """

    def __init__(self, lists: Iterable[KeyList] = ()) -> None:
        self.lists = tuple(lists)
        self._keys: dict[tuple[str, bytes], list[TrustedKey]] = {}
        # what is said of a key whatever it signs: its family, and findings; by identity of keys this store keeps alive
        self._kinds: dict[int, tuple[str, tuple[Finding, ...]]] = {}
        self._issuers: dict[str, set[str]] = {}
        self._sources: dict[str, ListSource] = {}
        self._revocations: list[RevocationList] = []
        self._revoked: dict[str, list[RevocationList]] = {}  # by ring, without X.509 lists, which go with a chain
        authorities: dict[str, list[Authority]] = {}
        for held in self.lists:
            self._keep(held.source)
            self._issuers.setdefault(held.ring, set()).update(held.trusted_issuers)
            self._revocations.extend(held.revocations)
            for revoked in held.revocations:
                if revoked.crl is None:
                    self._revoked.setdefault(revoked.ring, []).append(revoked)
            for authority in held.authorities:
                authorities.setdefault(authority.ring, []).append(authority)
            for key in held.keys:
                self._keys.setdefault((key.signer.ring, key.kid), []).append(key)
                self._kinds[id(key.public_key)] = family(key.public_key), key_findings(key.public_key)
                if key.issuer is not None:
                    self._issuers.setdefault(key.signer.ring, set()).add(key.issuer)
        qa = {held.source.qa for held in self.lists}
        if len(qa) > 1:
            names = sorted({held.source.name for held in self.lists if held.source.qa})
            raise ConfigError(ListCode.QA_MIXED, facts={"qa": names})
        self.qa = qa == {True}
        self._chains = ChainCache(authorities, self._revocations)
        self._unsafe: tuple[TrustedKey, ...] = ()

    def _keep(self, source: ListSource) -> None:
        """Keys name their list by its name: of two lists that share one, the age of the older speaks for both."""
        known = self._sources.setdefault(source.name, source)
        ends = stale_after(known), stale_after(source)
        if ends[1] is not None and (ends[0] is None or ends[1] < ends[0]):
            self._sources[source.name] = source

    # --- what it holds ------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return sum(len(keys) for keys in self._keys.values())

    @property
    def sources(self) -> Mapping[str, ListSource]:
        """Lists by name."""
        return dict(self._sources)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Entries that were left out, over all lists."""
        return tuple(finding for held in self.lists for finding in held.findings)

    # --- the check ----------------------------------------------------------------------------------------------------

    def verify(self, envelope: Envelope, *, at: datetime, known: datetime | None = None) -> Checked:
        """Check signature, signer, key usage, dates, revocation and the age of the list, in this order.

        Args:
            envelope: what a format unwrapped.
            at: the moment asked about, with zone; dates of the signature are compared with it.
            known: the moment whose knowledge counts; a list fetched later is used and marked. Default `at`.

        Returns:
            `Checked`; never raises for a bad document.
        """
        try:
            key, early = self._find(envelope, at)
        except TrustError as error:
            state = SignatureState.INVALID if error.alert else SignatureState.UNKNOWN_SIGNER
            if error.code in (TrustCode.NOT_SIGNED, TrustCode.PROOF_NOT_CHECKED):
                state = SignatureState.UNCHECKED
            return Checked(state, (error.finding(),))
        signer = key.signer
        source = self._sources.get(signer.source)
        kind = self._kinds.get(id(key.public_key))
        findings = (
            _HOLDS,
            *(_UNSAFE if self._unsafe else ()),
            *early,
            *(key_findings(key.public_key) if kind is None else kind[1]),
            *_check_usage(envelope, signer),
            *check_dates(envelope.dates, signer, at),
            *check_revocation(envelope, key, self._revoked.get(envelope.hint.ring, ()), at),
            *check_age(source, at, known or at),
        )
        payload = SignedPayload(envelope.format, envelope.content, signer, envelope.dates, envelope.claims, findings)
        return Checked(_VALID, findings, payload, signer, source)

    def _find(self, envelope: Envelope, at: datetime) -> tuple[TrustedKey, tuple[Finding, ...]]:
        """The key that verifies. Raises TrustError: the error of the last candidate, or why there is none."""
        if not envelope.signature:
            raise TrustError(TrustCode.NOT_SIGNED)
        early: tuple[Finding, ...] = ()
        hint = envelope.hint
        if hint.ring in CHAINED and hint.certificate is not None and not self._listed(hint.kid, hint.ring):
            key, early = self._chains.resolve(hint.certificate, hint.ring, at)
            candidates: list[TrustedKey] = [key]
        else:
            candidates = self._candidates(envelope)
        if envelope.algorithm == PROOF_NOT_CHECKED:
            raise TrustError(TrustCode.PROOF_NOT_CHECKED)
        failure: TrustError | None = None
        for candidate in candidates:
            try:
                public = candidate.public_key
                kind, _ = self._kinds.get(id(public), _UNSEEN)
                check_signature(public, envelope.algorithm, envelope.signed, envelope.signature, kind)
            except TrustError as error:
                failure = error
            else:
                return candidate, early or self._withdrawn(candidate, hint.ring, at)
        assert failure is not None
        raise failure

    def _withdrawn(self, key: TrustedKey, ring: str, at: datetime) -> tuple[Finding, ...]:
        """Its revocation, where a signer is trusted by presence on a list and we hold its authority all the same."""
        if ring not in CHAINED or key.certificate is None:
            return ()
        try:
            _, found = self._chains.resolve(key.certificate, ring, at)
        except TrustError:
            return ()
        return tuple(finding for finding in found if finding.code is TrustCode.REVOKED)

    def _listed(self, kid: bytes | None, ring: str) -> bool:
        return kid is not None and (ring, kid) in self._keys

    def _candidates(self, envelope: Envelope) -> list[TrustedKey]:
        hint = envelope.hint
        if self._unsafe:
            return list(self._unsafe)
        if hint.ring in ISSUER_BOUND and hint.issuer not in self._issuers.get(hint.ring, ()):
            raise TrustError(TrustCode.ISSUER_UNKNOWN, facts={"ring": hint.ring})
        if hint.kid is None:
            raise TrustError(TrustCode.KID_MISSING, facts={"ring": hint.ring})
        listed = self._keys.get((hint.ring, hint.kid), [])
        if hint.ring in ISSUER_BOUND:
            listed = [key for key in listed if key.issuer == hint.issuer]
            if not listed:
                raise TrustError(TrustCode.KEY_UNKNOWN, facts={"ring": hint.ring})
        if not listed:
            raise TrustError(TrustCode.SIGNER_UNKNOWN, facts={"ring": hint.ring, "kid": shown_kid(hint.kid)})
        return listed

    @classmethod
    def load(cls, folder: Path | str) -> TrustStore:
        """The store of a folder with `anchors.toml` (see `verifier.trust.anchors`).

        Raises:
            ConfigError: with file and line, for anything wrong in it.
        """
        from verifier.trust.anchors import load_store  # anchors builds on this module

        return load_store(Path(folder))

    @classmethod
    def unsafe_accept_any(cls, key: TrustedKey) -> TrustStore:
        """A store that tries one key for every document. For tests only: its answers carry no trust."""
        store = cls([KeyList(key.signer.ring, ListSource("unsafe", qa=True), (key,))])
        signer = replace(key.signer, name="UNSAFE: any signer accepted")
        store._unsafe = (replace(key, signer=signer),)
        return store


@remembered(4096)
def shown_kid(kid: bytes) -> str:
    """A key identifier for people: printable ASCII as text, else hex."""
    if kid and all(0x21 <= byte < 0x7F for byte in kid) and len(kid) != 8:
        return kid.decode("ascii")
    return kid.hex()


def _check_usage(envelope: Envelope, signer: Signer) -> tuple[Finding, ...]:
    """The key may vouch for what the document states (dcc.md section 3) and in its form. Wrong usage is an alert."""
    forms = DOMAIN_FORMS.get(signer.domain or "")
    if forms is not None and envelope.format not in forms:
        facts = {"allowed": sorted(forms), "claimed": [envelope.format]}
        return (Finding(TrustCode.KEY_USAGE, Outcome.OPEN, facts, alert=True),)
    if signer.claims is None or envelope.claims <= signer.claims:
        return ()
    facts = {"allowed": sorted(signer.claims), "claimed": sorted(envelope.claims)}
    return (Finding(TrustCode.KEY_USAGE, Outcome.OPEN, facts, alert=True),)


def unsafe_peek(envelope: Envelope) -> SignedPayload:
    """Look into a document that was NOT verified, for an agent's eyes only. What it says never becomes evidence."""
    nobody = Signer(envelope.hint.ring, "", name=None, source="unverified")
    return SignedPayload(envelope.format, envelope.content, nobody, envelope.dates, envelope.claims)
