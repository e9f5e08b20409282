"""JWK sets of SMART Health Card issuers, and the JWK keys inside DID documents.

Each key is judged alone: a broken one is left out and reported, the rest loads. What only breaks a rule of the
specification that real issuers break too (a kid that is no thumbprint, `use` or `alg` left out) keeps the key, and is
noted.

Source: RFC 7517, RFC 7518 section 6.2.1, RFC 7638; SMART Health Cards framework 1.4, "Determining keys" and "Issuer
public key certificates".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from verifier.errors import TrustError
from verifier.findings import Code, Finding, Outcome
from verifier.model import Signer
from verifier.trust.keys import KeyList, ListSource, TrustedKey

RING = "shc"
MAX_BYTES = 4 * 1024 * 1024  # a real set has a few kilobytes
MAX_KEYS = 20_000
CURVE = "P-256"
COORDINATE = 32  # bytes


class JwksCode(Code):
    """What is wrong with a list of JWK, or one key of it."""

    TOO_LARGE = "jwks.too-large"
    NOT_A_SET = "jwks.not-a-set"
    NOT_A_KEY = "jwks.not-a-key"
    KEY_TYPE = "jwks.key-type"
    CURVE = "jwks.curve"
    USE = "jwks.use"
    ALGORITHM = "jwks.algorithm"
    PRIVATE = "jwks.private"
    COORDINATES = "jwks.coordinates"
    KID_MISSING = "jwks.kid-missing"
    KID_TWICE = "jwks.kid-twice"
    KID_NOT_THUMBPRINT = "jwks.kid-not-thumbprint"
    USE_MISSING = "jwks.use-missing"
    ALGORITHM_MISSING = "jwks.algorithm-missing"
    CERTIFICATE = "jwks.certificate"
    CERTIFICATE_KEY = "jwks.certificate-key"
    CERTIFICATE_CHAIN = "jwks.certificate-chain"
    CERTIFICATE_ISSUER = "jwks.certificate-issuer"
    ISSUER = "jwks.issuer"
    SNAPSHOT = "jwks.snapshot"
    SNAPSHOT_SIGNATURE = "jwks.snapshot-signature"
    CRL = "jwks.crl"
    CRL_ENTRY = "jwks.crl-entry"
    DID_DOCUMENT = "jwks.did-document"
    DID_UNTRUSTED = "jwks.did-untrusted"
    DID_METHOD = "jwks.did-method"
    PEM = "jwks.pem"
    NOT_CURRENT = "jwks.not-current"


def parse_json(data: bytes, *, limit: int = MAX_BYTES) -> Any:
    """The JSON of a list.

    Raises:
        TrustError: TOO_LARGE, NOT_A_SET.
    """
    if len(data) > limit:
        raise TrustError(JwksCode.TOO_LARGE, facts={"bytes": len(data), "limit": limit})
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise TrustError(JwksCode.NOT_A_SET, facts={"expected": "JSON"}) from None


def thumbprint(x: str, y: str) -> str:
    """RFC 7638 SHA-256 thumbprint of a P-256 key, base64url."""
    canonical = f'{{"crv":"{CURVE}","kty":"EC","x":"{x}","y":"{y}"}}'
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()


def _coordinate(value: object) -> int:
    if not isinstance(value, str):
        raise TrustError(JwksCode.COORDINATES)
    try:
        raw = base64.b64decode(value.replace("-", "+").replace("_", "/") + "=" * (-len(value) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise TrustError(JwksCode.COORDINATES) from None
    if len(raw) != COORDINATE:
        raise TrustError(JwksCode.COORDINATES, facts={"bytes": len(raw), "expected": COORDINATE})
    return int.from_bytes(raw, "big")


def public_key(jwk: object) -> ec.EllipticCurvePublicKey:
    """The P-256 key of a JWK.

    Raises:
        TrustError: NOT_A_KEY, PRIVATE, KEY_TYPE, CURVE, COORDINATES (also for a point that is not on the curve).
    """
    if not isinstance(jwk, Mapping):
        raise TrustError(JwksCode.NOT_A_KEY)
    if "d" in jwk:
        raise TrustError(JwksCode.PRIVATE)
    if jwk.get("kty") != "EC":
        raise TrustError(JwksCode.KEY_TYPE, facts={"kty": str(jwk.get("kty"))[:20]})
    if jwk.get("crv") != CURVE:
        raise TrustError(JwksCode.CURVE, facts={"crv": str(jwk.get("crv"))[:20]})
    x, y = _coordinate(jwk.get("x")), _coordinate(jwk.get("y"))
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        raise TrustError(JwksCode.COORDINATES) from None


def key_id(key: ec.EllipticCurvePublicKey) -> str:
    """SHA-256 of the SubjectPublicKeyInfo, hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _check(jwk: Mapping[str, Any], key: ec.EllipticCurvePublicKey, issuer: str | None) -> Iterable[JwksCode]:
    """What a key breaks without being unusable. Raises TrustError for what makes it unusable."""
    kid = jwk.get("kid")
    if not isinstance(kid, str) or not kid:
        raise TrustError(JwksCode.KID_MISSING)
    if "use" in jwk and jwk["use"] != "sig":
        raise TrustError(JwksCode.USE, facts={"use": str(jwk["use"])[:20]})
    if "alg" in jwk and jwk["alg"] != "ES256":
        raise TrustError(JwksCode.ALGORITHM, facts={"alg": str(jwk["alg"])[:20]})
    if "x5c" in jwk:
        from verifier.trust.lists.x5c import check_chain  # few issuers publish certificates

        check_chain(jwk["x5c"], key, issuer)
    if "use" not in jwk:
        yield JwksCode.USE_MISSING
    if "alg" not in jwk:
        yield JwksCode.ALGORITHM_MISSING
    if kid != thumbprint(jwk["x"], jwk["y"]):
        yield JwksCode.KID_NOT_THUMBPRINT


def _members(content: Any) -> list[Any]:
    keys = content.get("keys") if isinstance(content, Mapping) else None
    if not isinstance(keys, list):
        raise TrustError(JwksCode.NOT_A_SET, facts={"expected": "keys"})
    if len(keys) > MAX_KEYS:
        raise TrustError(JwksCode.TOO_LARGE, facts={"keys": len(keys), "limit": MAX_KEYS})
    return keys


def check_jwks(data: bytes, *, issuer: str | None = None) -> tuple[Finding, ...]:
    """Everything in which a key set differs from the specification; empty where it is in order.

    Args:
        data: the set as published.
        issuer: URL it is published under, for certificates; None leaves their subject names unchecked.
    """
    try:
        keys = _members(parse_json(data))
    except TrustError as error:
        return (error.finding(),)
    found: list[Finding] = []
    if not keys:
        found.append(Finding(JwksCode.NOT_A_SET, Outcome.OPEN, {"expected": "keys"}))
    for index, jwk in enumerate(keys):
        try:
            codes = tuple(_check(jwk, public_key(jwk), issuer))
        except TrustError as error:
            found.append(Finding(error.code, Outcome.OPEN, {"entry": index, **error.facts}))
        else:
            found.extend(Finding(code, Outcome.NOTE, {"entry": index}) for code in codes)
    return tuple(found)


def keys_of(
    content: Any, *, issuer: str, name: str | None, source: ListSource, country: str | None = None
) -> tuple[tuple[TrustedKey, ...], tuple[Finding, ...]]:
    """The usable keys of one issuer, and a finding for each that was left out or broke a rule.

    Args:
        content: `{keys: [...]}`, parsed.
        issuer: URL the keys are bound to.
        name, country: of the issuer, as the list states them.
        source: the list.

    Raises:
        TrustError: NOT_A_SET, TOO_LARGE.
    """
    keys: list[TrustedKey] = []
    found: list[Finding] = []
    seen: set[str] = set()
    for index, jwk in enumerate(_members(content)):
        facts = {"list": source.name, "issuer": issuer, "entry": index}
        try:
            key = public_key(jwk)
            notes = tuple(_check(jwk, key, issuer))
        except TrustError as error:
            found.append(Finding(error.code, Outcome.NOTE, {**facts, **error.facts}))
            continue
        kid: str = jwk["kid"]
        if kid in seen:
            found.append(Finding(JwksCode.KID_TWICE, Outcome.NOTE, facts))
        seen.add(kid)
        found.extend(Finding(code, Outcome.NOTE, facts) for code in notes)
        signer = Signer(RING, key_id(key), kid, name, country, issuer, source=source.name)
        keys.append(TrustedKey(signer, key, kid.encode(), issuer, crl_version=version_number(jwk.get("crlVersion"))))
    return tuple(keys), tuple(found)


def version_number(value: object) -> int | None:
    """`crlVersion` or `ctr`: a positive integer; one issuer writes it as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def read_jwks(data: bytes, *, issuer: str, name: str | None, source: ListSource) -> KeyList:
    """The key set an issuer publishes at `<issuer>/.well-known/jwks.json`.

    A set that cannot be read at all gives a list without keys that still names the issuer: its documents are "key not
    available", not "issuer unknown".
    """
    try:
        keys, found = keys_of(parse_json(data), issuer=issuer, name=name, source=source)
    except TrustError as error:
        facts = {"list": source.name, "issuer": issuer, **error.facts}
        keys, found = (), (Finding(error.code, Outcome.NOTE, facts),)
    return KeyList(RING, source, keys, trusted_issuers=frozenset({issuer}), findings=found)


def moment(value: object) -> datetime | None:
    """An RFC 3339 time of a list as UTC, None where there is none."""
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
