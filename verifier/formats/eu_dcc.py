"""The EU Digital COVID Certificate payload: vaccination, test or recovery, schema 1.0.0 to 1.3.x.

Tolerant where real issuers need it, with a finding for each tolerance; hard stops are more than one entry, no entry, no
name and no birth date key (dcc.md section 2). Standardised names are kept as signed; matching compares those.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from verifier.codecs.cbor import TaggedText
from verifier.errors import RecordError
from verifier.findings import Code, Finding, Outcome
from verifier.formats.dcc_schema import EDITIONS, GROUPS, is_integer, violations
from verifier.health import tables
from verifier.health.dates import parse_date, parse_datetime
from verifier.health.record import (
    NOT_CODED,
    Coded,
    Disease,
    HealthRecord,
    Holder,
    Recovery,
    Test,
    TestKind,
    TestResult,
    Vaccination,
)
from verifier.model import UNKNOWN_DATE, Claim, PartialDate, SignedPayload
from verifier.quick import remembered

NAME = "eu-dcc"
STATES: Mapping[str, Claim] = {"v": Claim.VACCINATION, "t": Claim.TEST, "r": Claim.RECOVERY}
KNOWN_KEYS = frozenset({"ver", "nam", "dob", *GROUPS})
# states that sign for territories of theirs (dcc.md section 1)
SIGNS_FOR: Mapping[str, frozenset[str]] = {
    "GB": frozenset({"GG", "JE", "GI", "IM", "FK", "BM", "KY"}),
    "DK": frozenset({"FO", "GL"}),
    "FR": frozenset({"GP", "GF", "MQ", "RE", "YT", "PF", "NC", "WF", "PM", "BL", "MF"}),
    "NL": frozenset({"AW", "CW", "SX", "BQ"}),
    "ES": frozenset({"IC"}),
    "FI": frozenset({"AX"}),
}


class DccCode(Code):
    """Findings about the payload."""

    NO_ENTRY = "dcc.no-entry"
    SEVERAL_ENTRIES = "dcc.several-entries"
    ENTRY_BROKEN = "dcc.entry-broken"
    NO_NAME = "dcc.no-name"
    NO_BIRTH_DATE = "dcc.no-birth-date"
    VERSION_UNKNOWN = "dcc.version-unknown"
    EXTRA_KEYS = "dcc.extra-keys"
    NULL_GROUP = "dcc.null-group"
    TRIMMED = "dcc.trimmed"
    NOT_NFC = "dcc.not-nfc"
    NUMBER_FRACTION = "dcc.number-fraction"
    TAGGED_TIME = "dcc.tagged-time"
    ISSUER_NOT_COUNTRY = "dcc.issuer-not-country"
    ISSUER_NOT_SIGNER = "dcc.issuer-not-signer"
    PRODUCT_UNKNOWN = "dcc.product-unknown"
    RESULT_UNKNOWN = "dcc.result-unknown"
    TEST_POSITIVE = "dcc.test-positive"


def check(dcc: Mapping[Any, Any]) -> tuple[Finding, ...]:
    """Departures from the schema and tolerances of the outer payload; nothing of this decides about trust."""
    found: list[Finding] = [*violations(dcc)]
    if not (isinstance(version := dcc.get("ver"), str) and version in EDITIONS):
        found.append(Finding(DccCode.VERSION_UNKNOWN, Outcome.NOTE))
    if len(dcc) > 4 and (extra := [str(key)[:20] for key in dcc if key not in KNOWN_KEYS]):
        found.append(Finding(DccCode.EXTRA_KEYS, Outcome.NOTE, {"keys": extra[:8]}))
    for group in GROUPS:
        if group in dcc and dcc[group] is None:
            found.append(Finding(DccCode.NULL_GROUP, Outcome.NOTE, {"group": group}))
    return tuple(found)


def states(dcc: Mapping[Any, Any]) -> frozenset[Claim]:
    """What the payload states, for key usage."""
    return frozenset([STATES[group] for group in GROUPS if dcc.get(group)])


_Entries = tuple[tuple[Vaccination, ...], tuple[Test, ...], tuple[Recovery, ...]]


class _Fields:
    """Fields that are read together."""

    __slots__ = ("get", "keys")

    def __init__(self, *keys: str) -> None:
        self.keys = keys
        self.get: Callable[[Mapping[Any, Any]], tuple[str, ...]] = itemgetter(*keys)


_NAMES = _Fields("fn", "gn", "fnt", "gnt")
_VACCINATION = _Fields("tg", "mp", "ma", "vp", "co", "is", "ci")
_TEST = _Fields("tg", "tt", "tr", "co", "is", "ci")
_RECOVERY = _Fields("tg", "co", "is", "ci")


class _Reader:
    """Reads fields of one payload and remembers the tolerances it needed."""

    __slots__ = ("findings",)

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def note(self, code: DccCode, path: str) -> None:
        self.findings.append(Finding(code, Outcome.NOTE, {"path": path}))

    def text(self, entry: Mapping[Any, Any], key: str) -> str | None:
        """Text of a field, trimmed and in NFC; None where it is missing, empty or no text."""
        value = entry.get(key)
        if not isinstance(value, str):
            return None
        trimmed = value.strip()
        if value and trimmed == value and value.isascii():  # the common case, in one look
            return value
        if len(trimmed) != len(value):
            self.note(DccCode.TRIMMED, key)
            value = trimmed
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            self.note(DccCode.NOT_NFC, key)
            value = unicodedata.normalize("NFC", value)
        return value or None

    def texts(self, entry: Mapping[Any, Any], fields: _Fields) -> Sequence[str | None]:
        """`text` of several fields; in a few steps where all are there and plain, as they nearly always are."""
        try:
            values = fields.get(entry)
            if "".join(values).isascii() and all(values) and tuple(map(str.strip, values)) == values:
                return values
        except (KeyError, TypeError):  # one is missing, or no text
            pass
        return [self.text(entry, key) for key in fields.keys]

    def number(self, entry: Mapping[Any, Any], key: str) -> int | None:
        """A whole number; 2.0 is taken for 2 and reported."""
        value = entry.get(key)
        if type(value) is int:
            return value
        if not is_integer(value):
            return None
        if isinstance(value, float):
            self.note(DccCode.NUMBER_FRACTION, key)
        return int(value)  # type: ignore[arg-type]

    def date(self, entry: Mapping[Any, Any], key: str) -> PartialDate:
        value = self._untagged(entry.get(key), key)
        if value is None:
            return UNKNOWN_DATE
        parsed, notes = parse_date(value, field=key)
        if notes:
            self.findings.extend(notes)
        return parsed

    def moment(self, entry: Mapping[Any, Any], key: str) -> tuple[datetime | None, PartialDate]:
        value = self._untagged(entry.get(key), key)
        if value is None:
            return None, UNKNOWN_DATE
        parsed, day, notes = parse_datetime(value, field=key)
        self.findings.extend(notes)
        return parsed, day

    def _untagged(self, value: Any, key: str) -> Any:
        if type(value) is TaggedText:
            self.note(DccCode.TAGGED_TIME, key)
            return str(value)
        return value


def read(payload: SignedPayload) -> HealthRecord:
    """The record of a payload.

    Raises:
        RecordError: NO_ENTRY, SEVERAL_ENTRIES, ENTRY_BROKEN, NO_NAME, NO_BIRTH_DATE.
    """
    dcc: Mapping[Any, Any] = payload.content["dcc"]
    group, entry = _single_entry(dcc)
    reader = _Reader()
    holder = _holder(dcc, reader)
    issuer = _issuer(payload, reader)
    return HealthRecord(NAME, holder, *_READERS[group](entry, reader), issuer, dcc, tuple(reader.findings))


def _single_entry(dcc: Mapping[Any, Any]) -> tuple[str, Mapping[Any, Any]]:
    held = [(group, entry) for group in GROUPS if group in dcc for entry in _listed(dcc[group])]
    if not held:
        raise RecordError(DccCode.NO_ENTRY)
    if len(held) > 1:
        raise RecordError(DccCode.SEVERAL_ENTRIES, facts={"entries": len(held)})
    group, entry = held[0]
    if not isinstance(entry, dict):
        raise RecordError(DccCode.ENTRY_BROKEN)
    return group, entry


def _listed(value: object) -> list[object]:
    return list(value[:16]) if isinstance(value, (list, tuple)) else []


def _holder(dcc: Mapping[Any, Any], reader: _Reader) -> Holder:
    name = dcc.get("nam")
    if not isinstance(name, dict):
        raise RecordError(DccCode.NO_NAME)
    surname, given, surname_std, given_std = reader.texts(name, _NAMES)
    if not (surname or given or surname_std or given_std):
        raise RecordError(DccCode.NO_NAME)
    if "dob" not in dcc:
        raise RecordError(DccCode.NO_BIRTH_DATE)
    return Holder(surname, given, surname_std, given_std, birth_date=reader.date(dcc, "dob"))


def _issuer(payload: SignedPayload, reader: _Reader) -> str | None:
    """Country for rules: iss where it is one, else the signer's (dcc.md section 1)."""
    stated, signer = payload.content.get("iss"), payload.signer
    if isinstance(stated, str) and len(stated) == 2 and stated.isascii() and stated.isalpha():
        country = stated.upper()
        if signer.country and country != signer.country and country not in SIGNS_FOR.get(signer.country, ()):
            facts = {"issuer": country, "signer": signer.country}
            reader.findings.append(Finding(DccCode.ISSUER_NOT_SIGNER, Outcome.OPEN, facts, alert=True))
        return country
    if stated is not None:
        reader.note(DccCode.ISSUER_NOT_COUNTRY, "iss")
    return signer.country


# Certificates name few diseases, products and makers, so what their codes mean is kept. No value of a person is.


@remembered(128)
def _disease_of(code: str) -> Disease:
    return tables.disease_of("snomed", code) or Disease.OTHER


@remembered(512)
def _product(code: str | None) -> Coded:
    product = tables.product("dcc.mp", code) if code else None
    return Coded(code, "dcc.mp", product.name if product else None, product.key if product else None)


def _coded_in(system: str) -> Callable[[str | None], Coded]:
    @remembered(512)
    def coded(code: str | None) -> Coded:
        return Coded(code, system) if code else NOT_CODED

    return coded


_maker, _vaccine, _device = _coded_in("dcc.ma"), _coded_in("dcc.vp"), _coded_in("dcc.device")


@remembered(128)
def _result_of(code: str) -> TestResult:
    return tables.test_result("snomed", code)


@remembered(128)
def _kind_of(code: str) -> TestKind:
    return tables.test_kind("loinc", code)


def _vaccination(entry: Mapping[Any, Any], reader: _Reader) -> _Entries:
    disease, code, maker, vaccine, country, issuer, ident = reader.texts(entry, _VACCINATION)
    product = _product(code)
    if product.key is None:
        reader.findings.append(Finding(DccCode.PRODUCT_UNKNOWN, Outcome.NOTE, {"code": product.code}))
    dose = Vaccination(
        _disease_of(disease or ""),
        product,
        reader.date(entry, "dt"),
        reader.number(entry, "dn"),
        reader.number(entry, "sd"),
        _maker(maker),
        _vaccine(vaccine),
        None,
        country,
        None,
        issuer,
        ident,
    )
    return (dose,), (), ()


def _test(entry: Mapping[Any, Any], reader: _Reader) -> _Entries:
    disease, kind, found, country, issuer, ident = reader.texts(entry, _TEST)
    sampled, day = reader.moment(entry, "sc")
    result = _result_of(found or "")
    if result is TestResult.POSITIVE:
        reader.findings.append(Finding(DccCode.TEST_POSITIVE, Outcome.NOTE))
    elif result is not TestResult.NEGATIVE:
        reader.findings.append(Finding(DccCode.RESULT_UNKNOWN, Outcome.NOTE))
    test = Test(
        disease=_disease_of(disease or ""),
        kind=_kind_of(kind or ""),
        result=result,
        sampled=sampled,
        sampled_on=day,
        device=_device(reader.text(entry, "ma")),
        name=reader.text(entry, "nm"),
        country=country,
        centre=reader.text(entry, "tc"),
        issuer=issuer,
        certificate_id=ident,
    )
    return (), (test,), ()


def _recovery(entry: Mapping[Any, Any], reader: _Reader) -> _Entries:
    disease, country, issuer, ident = reader.texts(entry, _RECOVERY)
    recovery = Recovery(
        disease=_disease_of(disease or ""),
        first_positive=reader.date(entry, "fr"),
        valid_from=reader.date(entry, "df"),
        valid_until=reader.date(entry, "du"),
        country=country,
        issuer=issuer,
        certificate_id=ident,
    )
    return (), (), (recovery,)


_READERS: Mapping[str, Callable[[Mapping[Any, Any], _Reader], _Entries]] = {
    "v": _vaccination,
    "t": _test,
    "r": _recovery,
}
