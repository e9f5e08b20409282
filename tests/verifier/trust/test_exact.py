"""Exact outcomes, facts and edges of dates, ages, revocation and signatures: what a changed line would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verifier.trust.test_store import (
    AT,
    DAY,
    ED,
    K1,
    P256,
    P384,
    P521,
    RSA,
    SIGNED,
    SIGNER,
    SMALL,
    envelope,
    listed,
    raw,
)
from verifier.errors import TrustError
from verifier.findings import Finding, Outcome
from verifier.model import SignedDates
from verifier.trust import signatures
from verifier.trust.ages import FRESH_FOR, check_age, stale_after
from verifier.trust.codes import DatesCode, ListCode, TrustCode
from verifier.trust.dates import check_dates
from verifier.trust.keys import ListSource, RevocationList
from verifier.trust.revocation import check_revocation

SECOND = timedelta(seconds=1)
ISO = datetime.isoformat


@pytest.mark.parametrize(
    ("dates", "at", "expected"),
    [
        (SignedDates(AT - DAY, None, AT), AT + SECOND, Finding(DatesCode.EXPIRED, Outcome.OPEN, {"expired": ISO(AT)})),
        (
            SignedDates(AT, None, AT + DAY),
            AT - SECOND,
            Finding(DatesCode.NOT_YET_VALID, Outcome.OPEN, {"valid_from": ISO(AT)}),
        ),
        (
            SignedDates(None, AT, AT + DAY),
            AT - SECOND,
            Finding(DatesCode.NOT_YET_VALID, Outcome.OPEN, {"valid_from": ISO(AT)}),
        ),
        (SignedDates(AT - DAY, None, None), AT, Finding(DatesCode.NO_EXPIRY, Outcome.NOTE)),
        (
            SignedDates(AT - 11 * DAY, None, AT + DAY),
            AT,
            Finding(
                DatesCode.ISSUED_BEFORE_SIGNER,
                Outcome.NOTE,
                {"issued": ISO(AT - 11 * DAY), "signer_from": ISO(AT - 10 * DAY)},
            ),
        ),
        (
            SignedDates(AT, None, AT + 11 * DAY),
            AT,
            Finding(
                DatesCode.EXPIRES_AFTER_SIGNER,
                Outcome.NOTE,
                {"expires": ISO(AT + 11 * DAY), "signer_until": ISO(AT + 10 * DAY)},
            ),
        ),
    ],
)
def test_dates_say_exactly_this(dates: SignedDates, at: datetime, expected: Finding) -> None:
    assert check_dates(dates, SIGNER, at) == (expected,)


def test_dates_at_their_very_edges() -> None:
    edge = SignedDates(None, AT, AT)
    assert check_dates(edge, SIGNER, AT) == ()
    assert check_dates(SignedDates(AT + DAY, AT + 2 * DAY, AT + 3 * DAY), SIGNER, AT) == (
        Finding(DatesCode.NOT_YET_VALID, Outcome.OPEN, {"valid_from": ISO(AT + DAY)}),
    )
    later = SignedDates(AT - DAY, AT + DAY, AT + 2 * DAY)
    assert [finding.code for finding in check_dates(later, SIGNER, AT)] == [DatesCode.NOT_YET_VALID]


def test_signer_dates_say_exactly_this() -> None:
    fine = SignedDates(AT, None, AT + DAY)
    far = replace(fine, expires=AT + 9 * DAY)
    assert check_dates(far, replace(SIGNER, ring="icao"), AT + 8 * DAY) == ()
    for ring, outcome in (("hcert", Outcome.NOTE), ("icao", Outcome.OPEN), ("who", Outcome.OPEN)):
        signer = replace(SIGNER, ring=ring)
        late, early = AT + 10 * DAY + SECOND, AT - 10 * DAY - SECOND
        assert check_dates(fine, signer, late)[-1] == Finding(
            DatesCode.SIGNER_EXPIRED, outcome, {"until": ISO(AT + 10 * DAY)}
        )
        assert check_dates(fine, signer, early)[-1] == Finding(
            DatesCode.SIGNER_NOT_YET_VALID, outcome, {"from": ISO(AT - 10 * DAY)}
        )
        assert len(check_dates(fine, signer, late)) == 2
    for half in (replace(SIGNER, not_before=None), replace(SIGNER, not_after=None)):
        assert check_dates(fine, half, AT) == ()


@pytest.mark.parametrize("ring", ["icao", "shc", "divoc"])
def test_formats_without_expiry_need_none(ring: str) -> None:
    assert check_dates(SignedDates(AT), replace(SIGNER, ring=ring), AT) == ()


def test_age_says_exactly_this() -> None:
    fetched = datetime(2021, 12, 1, tzinfo=UTC)
    source = ListSource("list", fetched=fetched)
    late = fetched + FRESH_FOR + SECOND
    stale = Finding(
        ListCode.STALE,
        Outcome.OPEN,
        {"list": "list", "fetched": ISO(fetched), "stale_after": ISO(fetched + FRESH_FOR)},
    )
    later = Finding(ListCode.FETCHED_LATER, Outcome.NOTE, {"list": "list", "fetched": ISO(fetched)})
    assert check_age(source, late, late) == (stale,)
    assert check_age(source, late, fetched - SECOND) == (later, stale)
    assert check_age(source, fetched, fetched) == ()
    assert check_age(source, fetched - SECOND, fetched - SECOND) == (later,)
    assert check_age(ListSource("x"), late, late) == (Finding(ListCode.AGE_UNKNOWN, Outcome.NOTE, {"list": "x"}),)
    assert check_age(None, late, late) == ()
    ended = replace(source, expires=fetched - DAY)
    assert [finding.code for finding in check_age(ended, fetched, fetched)] == [ListCode.STALE]
    assert check_age(ended, fetched - SECOND, fetched) == ()
    assert stale_after(replace(source, expires=fetched + DAY)) == fetched + DAY
    assert stale_after(replace(source, expires=fetched + DAY, stale_after=fetched)) == fetched
    assert stale_after(source) == fetched + FRESH_FOR
    assert stale_after(ListSource("x")) is None


def revoked(**held: object) -> tuple[Finding, ...]:
    named = envelope(revocation_id="r", dates=SignedDates(AT), issuer="https://a.example")
    key = listed(issuer="https://a.example")
    return check_revocation(named, key, [RevocationList("hcert", **held)], AT)  # type: ignore[arg-type]


def test_revocation_says_exactly_this() -> None:
    unchecked = (Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.NOTE, {"reason": "no-list-published"}),)
    plain = (Finding(TrustCode.REVOKED, Outcome.UNMET, {}, alert=True),)
    entries: dict[str, datetime | None] = {"r": None}
    assert revoked(entries=entries) == plain
    assert revoked(entries=entries, kid=b"kid") == plain
    assert revoked(entries=entries, issuer="https://a.example") == plain
    assert revoked(entries=entries, issuer="https://b.example") == unchecked
    assert revoked(entries=entries, kid=b"other") == unchecked
    assert revoked(entries=entries, crl=b"x509") == unchecked
    later = AT + SECOND
    assert revoked(entries={"r": later}) == (
        Finding(TrustCode.REVOKED, Outcome.UNMET, {"before": ISO(later)}, alert=True),
    )
    key = replace(listed(), crl_version=3)
    assert check_revocation(envelope(), key, [], AT) == (
        Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.OPEN, {"reason": "list-missing"}),
    )
    old = RevocationList("hcert", version=2)
    assert check_revocation(envelope(), key, [old], AT) == (
        Finding(TrustCode.REVOCATION_STALE, Outcome.OPEN, {"version": 2, "current": 3}),
    )
    due = RevocationList("hcert", next_update=AT)
    assert check_revocation(envelope(), listed(), [due], AT) == ()
    assert check_revocation(envelope(), listed(), [due], AT + SECOND) == (
        Finding(TrustCode.REVOCATION_STALE, Outcome.OPEN, {"due": ISO(AT)}),
    )
    seal = envelope(ring="icao")
    assert check_revocation(seal, listed(ring="icao"), [], AT) == ()
    before = envelope(revocation_id="r", dates=SignedDates(AT + DAY, AT - DAY))
    held = RevocationList("hcert", entries={"r": AT})
    assert check_revocation(before, listed(), [held], AT)[0].code is TrustCode.REVOKED


def test_checks_made_anew() -> None:
    """The table of algorithms is built at import; building its checks again shows them one by one."""
    makers = {
        "ES256": lambda: signatures._ecdsa(hashes.SHA256(), 64),
        "ES384": lambda: signatures._ecdsa(hashes.SHA384(), 96),
        "ES512": lambda: signatures._ecdsa(hashes.SHA512(), 132),
        "ES256K-DER": lambda: signatures._ecdsa_der(hashes.SHA256()),
        "PS256": lambda: signatures._pss(hashes.SHA256()),
        "EdDSA": lambda: signatures._ed25519,
    }
    for name, make in makers.items():
        key, signature = SIGNED[name]
        check = make()
        check(key.public_key(), b"data", signature)
        for data, changed in ((b"other", signature), (b"data", bytes(len(signature)))):
            with pytest.raises((TrustError, InvalidSignature)):
                check(key.public_key(), data, changed)
    with pytest.raises(TrustError) as refused:
        signatures._ecdsa(hashes.SHA256(), 64)(P256.public_key(), b"data", bytes(63))
    error = refused.value
    assert (error.code, error.facts, error.alert, error.outcome) == (
        TrustCode.SIGNATURE_SIZE, {"bytes": 63, "expected": 64}, True, Outcome.OPEN,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("algorithm", "signature", "code", "facts"),
    [
        ("none", b"x" * 64, TrustCode.ALGORITHM_REFUSED, {"algorithm": "none"}),
        ("PS256", b"x" * 64, TrustCode.ALGORITHM_MISMATCH, {"algorithm": "PS256", "key": "P-256"}),
        ("ES256", b"\1" * 64, TrustCode.SIGNATURE_INVALID, {}),
    ],
)
def test_refusals_say_exactly_this(algorithm: str, signature: bytes, code: TrustCode, facts: dict[str, str]) -> None:
    with pytest.raises(TrustError) as refused:
        signatures.check_signature(P256.public_key(), algorithm, b"data", signature)
    error = refused.value
    assert (error.code, dict(error.facts), error.alert, error.outcome) == (code, facts, True, Outcome.OPEN)


def test_families() -> None:
    keys = {"P-256": P256, "P-384": P384, "P-521": P521, "secp256k1": K1, "Ed25519": ED, "RSA": RSA}
    for name, key in keys.items():
        assert signatures.family(key.public_key()) == name
    assert signatures.family(ec.generate_private_key(ec.BrainpoolP256R1()).public_key()) == "brainpoolP256r1"
    brainpool = ec.generate_private_key(ec.BrainpoolP256R1())
    with pytest.raises(TrustError) as refused:
        signatures.check_signature(brainpool.public_key(), None, b"data", raw(brainpool, hashes.SHA256(), b"data"))
    assert refused.value.code is TrustCode.ALGORITHM_REFUSED
    signatures.check_signature(P256.public_key(), "ES256", b"data", SIGNED["ES256"][1], "P-256")
    assert signatures.key_findings(SMALL.public_key()) == (
        Finding(TrustCode.KEY_TOO_SMALL, Outcome.OPEN, {"bits": 1024, "floor": 2048}),
    )
    assert signatures.key_findings(P256.public_key()) == ()


def test_the_store_says_exactly_this() -> None:
    from verifier.model import Claim
    from verifier.trust.keys import KeyList
    from verifier.trust.store import Checked, SignatureState, TrustStore, unsafe_peek

    source = ListSource("list", fetched=AT - DAY)
    key = listed(claims=frozenset({Claim.TEST}), not_before=AT - DAY, not_after=AT + DAY)
    store = TrustStore([KeyList("hcert", source, (key,))])
    asked = envelope(claims=frozenset({Claim.VACCINATION, Claim.TEST}), dates=SignedDates(AT, None, AT + DAY))
    checked = store.verify(asked, at=AT)
    usage = Finding(
        TrustCode.KEY_USAGE, Outcome.OPEN, {"allowed": ["test"], "claimed": ["test", "vaccination"]}, alert=True
    )
    unchecked = Finding(TrustCode.REVOCATION_UNCHECKED, Outcome.NOTE, {"reason": "no-list-published"})
    assert checked.findings == (Finding(TrustCode.SIGNATURE_HOLDS, Outcome.MET), usage, unchecked)
    assert (checked.state, checked.signer, checked.source) == (SignatureState.VALID, key.signer, source)
    payload = checked.payload
    assert payload is not None
    assert (payload.format, payload.content, payload.signer) == ("test", {"said": 1}, key.signer)
    assert (payload.dates, payload.claims, payload.findings) == (asked.dates, asked.claims, checked.findings)

    known = store.verify(asked, at=AT, known=AT - 2 * DAY)
    assert known.findings[-1].code is ListCode.FETCHED_LATER
    revoked = RevocationList("hcert", entries={"r": None})
    named = TrustStore([KeyList("hcert", source, (key,), revocations=(revoked,))])
    assert named.verify(replace(asked, revocation_id="r"), at=AT).findings[-1].code is TrustCode.REVOKED

    def refused(changed: object, *, by: TrustStore = store) -> Checked:
        return by.verify(changed, at=AT)  # type: ignore[arg-type]

    hint = asked.hint
    for changed, state, finding in (
        (replace(asked, signature=b""), SignatureState.UNCHECKED, Finding(TrustCode.NOT_SIGNED, Outcome.OPEN, {})),
        (
            replace(asked, algorithm="none-checked"),
            SignatureState.UNCHECKED,
            Finding(TrustCode.PROOF_NOT_CHECKED, Outcome.OPEN, {}),
        ),
        (
            replace(asked, hint=replace(hint, kid=None)),
            SignatureState.UNKNOWN_SIGNER,
            Finding(TrustCode.KID_MISSING, Outcome.OPEN, {"ring": "hcert"}),
        ),
        (
            replace(asked, hint=replace(hint, kid=b"12345678")),
            SignatureState.UNKNOWN_SIGNER,
            Finding(TrustCode.SIGNER_UNKNOWN, Outcome.OPEN, {"ring": "hcert", "kid": b"12345678".hex()}),
        ),
        (
            replace(asked, hint=replace(hint, ring="shc", issuer="https://a.example")),
            SignatureState.UNKNOWN_SIGNER,
            Finding(TrustCode.ISSUER_UNKNOWN, Outcome.OPEN, {"ring": "shc"}),
        ),
    ):
        found = refused(changed)
        assert (found.state, found.findings, found.payload, found.signer) == (state, (finding,), None, None)
    trusted = TrustStore([KeyList("shc", source, trusted_issuers=frozenset({"https://a.example"}))])
    shc = replace(asked, hint=replace(hint, ring="shc", issuer="https://a.example"))
    assert refused(shc, by=trusted).findings == (Finding(TrustCode.KEY_UNKNOWN, Outcome.OPEN, {"ring": "shc"}),)
    peeked = unsafe_peek(asked)
    assert (peeked.format, peeked.content, peeked.dates, peeked.claims) == (
        "test",
        {"said": 1},
        asked.dates,
        asked.claims,
    )
    assert (peeked.signer.ring, peeked.signer.source, peeked.signer.key_id) == ("hcert", "unverified", "")


def test_certificates_read_strictly_keep_everything() -> None:
    import hashlib

    from fixtures.authorities import hcert as authority
    from verifier.trust import certificates

    certified = authority.signer("DE", "test").certified
    assert certified is not None
    der = certified.der
    digest = hashlib.sha256(der).hexdigest()
    read = certificates._strict(der, digest)
    assert (read.der, read.sha256, read.kid.hex(), read.strict) == (der, digest, digest[:16], True)
    assert (read.subject, read.country) == ("QA DSC DE test (not for production)", "DE")
    assert read.key_usages == {"1.3.6.1.4.1.1847.2021.1.1"}
    assert read.not_before < read.not_after
    assert certificates.parse_certificate(der) == read
    assert certificates._tolerant(der, digest) == replace(read, strict=False, public_key=read.public_key)
    for broken, code in ((b"", ListCode.ENTRY_BROKEN), (der[:100], ListCode.ENTRY_BROKEN)):
        with pytest.raises(TrustError) as refused:
            certificates.parse_certificate(broken)
        assert refused.value.code is code
        assert set(refused.value.facts) == {"reason"}
    with pytest.raises(TrustError) as refused:
        certificates._public_key(object())
    assert (refused.value.code, dict(refused.value.facts)) == (ListCode.KEY_REFUSED, {"type": "object"})


def test_the_store_passes_key_size_and_moment_on() -> None:
    from tests.verifier.trust.test_store import pss
    from verifier.trust.keys import KeyList, TrustedKey
    from verifier.trust.store import SignatureState, TrustStore

    dates = SignedDates(AT, None, AT + DAY)
    signed = replace(envelope(dates=dates), algorithm="PS256", signature=pss(SMALL, b"data"))
    weak = TrustedKey(listed().signer, SMALL.public_key(), b"kid")
    due = RevocationList("hcert", next_update=AT - SECOND)
    held = KeyList("hcert", ListSource("list", fetched=AT - DAY), (weak,), revocations=(due,))
    checked = TrustStore([held]).verify(signed, at=AT)
    assert checked.state is SignatureState.VALID
    assert [finding.code for finding in checked.findings] == [
        TrustCode.SIGNATURE_HOLDS,
        TrustCode.KEY_TOO_SMALL,
        TrustCode.REVOCATION_STALE,
    ]
