"""The New Zealand COVID Pass: base32 of a COSE_Sign1 with a CWT, signed with ES256 by the issuer's `did:web` key.

It is a pass, not a record: it names no product, no dose and no date, so it proves nothing that an entry rule asks for.

Source: New Zealand COVID Pass technical specification 1.0.0 (Ministry of Health), sections 3 to 7; RFC 8392.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from verifier.codecs import base32, cbor, cose
from verifier.errors import EnvelopeError, RecordError
from verifier.findings import Code, Finding, Outcome
from verifier.health.dates import parse_date
from verifier.health.record import HealthRecord, Holder
from verifier.model import Claim, Envelope, SignedDates, SignedPayload, SignerHint
from verifier.quick import remembered

NAME = "nzcp"
RING = "nzcp"
PREFIX = b"NZCP:/"
PREFIX_1 = b"NZCP:/1/"
MAX_TEXT = 16 * 1024
MAX_NAME = 200  # characters
ISS, EXP, NBF, CTI, VC = 1, 4, 5, 7, "vc"
SIGN1_TAG = 0xD2  # the one byte that encodes tag 18
CONTEXT = "https://www.w3.org/2018/credentials/v1"
KIND = "PublicCovidPass"
CREDENTIAL_TYPE = "VerifiableCredential"

_HEADER = re.compile(rb"NZCP:/([0-9]+)/")
_STATES = frozenset({Claim.PASS})


class NzcpCode(Code):
    """Findings about a New Zealand COVID Pass."""

    TOO_LARGE = "nzcp.too-large"
    HEADER = "nzcp.header"
    VERSION = "nzcp.version"
    PADDED = "nzcp.padded"
    STRUCTURE = "nzcp.structure"
    ALGORITHM = "nzcp.algorithm"
    KID_MISSING = "nzcp.kid-missing"
    CLAIM = "nzcp.claim"
    CREDENTIAL = "nzcp.credential"
    KIND = "nzcp.kind"
    NO_DOSES = "nzcp.no-doses"


_PADDED = Finding(NzcpCode.PADDED, Outcome.NOTE)
# OPEN: a good pass is no evidence for any entry rule
_NO_DOSES = Finding(NzcpCode.NO_DOSES, Outcome.OPEN)


def recognise(scan: bytes) -> bool:
    """True for a text that starts with `NZCP:/`."""
    return scan.startswith(PREFIX)


def unwrap(scans: Sequence[bytes]) -> Sequence[Envelope]:
    """One envelope per text.

    Raises:
        EnvelopeError: TOO_LARGE, HEADER, VERSION, the codes of base32, cbor and cose, STRUCTURE, ALGORITHM,
            KID_MISSING, CLAIM for iss, nbf or exp.
    """
    return [_unwrap(scan) for scan in scans]


def _unwrap(scan: bytes) -> Envelope:
    if len(scan) > MAX_TEXT:
        raise EnvelopeError(NzcpCode.TOO_LARGE, facts={"length": len(scan), "limit": MAX_TEXT})
    if not scan.startswith(PREFIX_1):
        header = _HEADER.match(scan)
        if header is None:
            raise EnvelopeError(NzcpCode.HEADER)
        raise EnvelopeError(NzcpCode.VERSION, facts={"version": header[1][:20].decode("ascii")})
    text = scan[len(PREFIX_1) :]
    data = base32.decode(text)
    if data[0] != SIGN1_TAG:
        raise EnvelopeError(NzcpCode.STRUCTURE)
    kid, signed, payload, signature = _open(data)
    claims, _ = cbor.decode(payload)
    if not isinstance(claims, dict):
        raise EnvelopeError(NzcpCode.STRUCTURE)
    issuer = claims.get(ISS)
    if not isinstance(issuer, str):
        raise EnvelopeError(NzcpCode.CLAIM, facts={"claim": "iss"})
    return Envelope(
        NAME,
        SignerHint(RING, kid, issuer),
        "ES256",
        signed,
        signature,
        claims,
        # the trust store takes `expires` as the last good moment, exp itself is none (RFC 7519 section 4.1.4)
        SignedDates(not_before=_moment(claims, NBF, "nbf"), expires=_moment(claims, EXP, "exp") - datetime.resolution),
        _STATES,
        (_PADDED,) if text.endswith(b"=") else (),
    )


def _open(data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Kid, signed bytes, payload and signature of a COSE_Sign1.

    All passes are laid out alike, so they are taken apart by position, and the header, which an issuer repeats, is read
    once; any other layout goes through the general reader, which also says what is wrong with it.
    """
    payload_at = 3 + (data[2] - 0x40) if len(data) > 2 else 0
    if data[1:2] == b"\x84" and 3 < payload_at < 27 and data[payload_at : payload_at + 2] == b"\xa0\x59":
        start = payload_at + 4
        end = start + int.from_bytes(data[payload_at + 2 : start], "big")
        if data[end : end + 2] == b"\x58\x40" and len(data) == end + 66:
            payload = data[start:end]
            kid = _header_kid(data[2:payload_at])
            return kid, cose.sig_structure(data[3:payload_at], payload), payload, data[end + 2 :]
    sign1 = cose.parse_sign1(data)
    return _kid(sign1), sign1.signed, sign1.payload, sign1.signature


@remembered(256)
def _header_kid(protected: bytes) -> bytes:
    """The kid of an encoded protected header; raises as `_kid` and the general reader do."""
    return _kid(cose.parse_sign1(b"\x84" + protected + b"\xa0\x40\x40"))


def _kid(sign1: cose.Sign1) -> bytes:
    if sign1.algorithm != "ES256" or not sign1.algorithm_protected:
        raise EnvelopeError(NzcpCode.ALGORITHM, facts={"algorithm": sign1.algorithm})
    kid = sign1.protected.get(cose.KID)
    if isinstance(kid, str):  # the specification's text says text, all its examples carry bytes
        kid = kid.encode("utf-8", "surrogatepass")
    if not isinstance(kid, bytes) or not kid:
        raise EnvelopeError(NzcpCode.KID_MISSING)
    return kid


def _moment(claims: Mapping[Any, Any], key: int, name: str) -> datetime:
    """A NumericDate; the specification wants an integer, and both dates (section 4.1.2)."""
    value = claims.get(key)
    if type(value) is not int or value <= 0:
        raise EnvelopeError(NzcpCode.CLAIM, facts={"claim": name})
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        raise EnvelopeError(NzcpCode.CLAIM, facts={"claim": name}) from None


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a verified pass: a person and nothing else.

    Raises:
        RecordError: CLAIM for cti, CREDENTIAL for a part of the credential that is missing or wrong, KIND for another
            kind of pass.
    """
    claims: Mapping[Any, Any] = payload.content
    cti = claims.get(CTI)
    if not isinstance(cti, bytes) or len(cti) != 16:
        raise RecordError(NzcpCode.CLAIM, facts={"claim": "cti"})
    credential = claims.get(VC)
    if not isinstance(credential, dict):
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "vc"})
    contexts = credential.get("@context")
    if not isinstance(contexts, list) or not contexts or contexts[0] != CONTEXT:
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "@context"})
    if not isinstance(credential.get("version"), str):
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "version"})
    kinds = credential.get("type")
    if not isinstance(kinds, list) or CREDENTIAL_TYPE not in kinds:
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "type"})
    if KIND not in kinds:
        raise RecordError(NzcpCode.KIND)
    subject = credential.get("credentialSubject")
    if not isinstance(subject, dict):
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "credentialSubject"})
    birth, _ = parse_date(subject.get("dob"), field="dob")
    if birth.exact is None:
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": "dob"})
    holder = Holder(
        surname=_name(subject, "familyName", required=False),
        given=_name(subject, "givenName", required=True),
        birth_date=birth,
    )
    return HealthRecord(
        NAME,
        holder,
        issuer=claims.get(ISS),
        payload={
            "iss": claims.get(ISS),
            "nbf": claims.get(NBF),
            "exp": claims.get(EXP),
            "jti": _uuid_urn(cti.hex()),
            "vc": credential,
        },
        findings=(_NO_DOSES,),
    )


def _uuid_urn(digits: str) -> str:
    """The identifier as the specification shows it, from its 32 hexadecimal digits (section 4.1.1)."""
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _name(subject: Mapping[Any, Any], part: str, *, required: bool) -> str | None:
    value = subject.get(part)
    if value is None and not required:
        return None
    if not isinstance(value, str) or len(value) > MAX_NAME or (required and not value.strip()):
        raise RecordError(NzcpCode.CREDENTIAL, facts={"part": part})
    return value.strip() or None
