"""Signer lists: every publisher's form, broken entries left out and reported, anchors with file and line."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from fixtures.authorities import hcert as authority
from verifier.errors import ConfigError, InputError, TrustError
from verifier.model import Claim
from verifier.trust.anchors import load_store
from verifier.trust.certificates import health_claims, parse_certificate
from verifier.trust.codes import ListCode
from verifier.trust.from_case import store_from
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore

SOURCE = ListSource("test")


def der(country: str = "DE", usage: Any = "all") -> bytes:
    certified = authority.signer(country, usage).certified
    assert certified is not None
    return certified.der


def test_json_list_leaves_out_what_is_broken() -> None:
    good = base64.b64encode(der()).decode()
    entries: list[Any] = [
        {"certificate": good, "country": "DE"},
        {"rawData": good, "kid": base64.b64encode(b"otherkid").decode()},
        {"certificate": "@@@"},
        {"certificate": base64.b64encode(b"no certificate").decode()},
        {"country": "DE"},
        17,
        good,
    ]
    held = dsc.read_json(json.dumps({"certificates": entries}).encode(), SOURCE)
    assert [finding.code for finding in held.findings] == [ListCode.KID_DIFFERS] + [ListCode.ENTRY_BROKEN] * 4
    assert [finding.facts["entry"] for finding in held.findings] == [1, 2, 3, 4, 5]
    assert {key.kid for key in held.keys} == {authority.signer("DE").kid, b"otherkid"}


@pytest.mark.parametrize("data", [b"", b"{", b"[" * 100_000, b'{"certificates": 3}', b'"text"', b"\xff"])
def test_unreadable_lists_are_coded(data: bytes) -> None:
    with pytest.raises(TrustError) as refused:
        dsc.read_json(data, SOURCE)
    assert refused.value.code is ListCode.NOT_READABLE


def _german(rest: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    r, s = decode_dss_signature(key.sign(rest, ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")) + b"\n" + rest


def test_german_list_needs_its_signature() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    rest = json.dumps({"certificates": [{"rawData": base64.b64encode(der()).decode(), "country": "DE"}]}).encode()
    assert len(dsc.read_german(_german(rest, key), SOURCE, key_pem=pem).keys) == 1
    for bad in (
        _german(rest, key) + b" ",
        b"AAAA\n" + rest,
        rest,
        b"",
        _german(rest, ec.generate_private_key(ec.SECP256R1())),
    ):
        with pytest.raises(TrustError) as refused:
            dsc.read_german(bad, SOURCE, key_pem=pem)
        assert refused.value.code is ListCode.SIGNATURE_INVALID


def _pem(data: bytes) -> bytes:
    return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data) + b"-----END CERTIFICATE-----\n"


def test_folder_of_pem_and_der(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_bytes(_pem(der("DE")) + _pem(der("FR")) + _pem(b"broken"))
    (tmp_path / "b.der").write_bytes(der("AT"))
    (tmp_path / "notes.txt").write_text("not a certificate")
    held = dsc.read_folder(tmp_path, SOURCE)
    assert [key.signer.country for key in held.keys] == ["DE", "FR", "AT"]
    assert len(held.findings) == 1


@pytest.mark.parametrize(
    ("usage", "claims"),
    [
        ("all", frozenset({Claim.VACCINATION, Claim.TEST, Claim.RECOVERY})),
        ("misprinted", frozenset({Claim.VACCINATION, Claim.TEST, Claim.RECOVERY})),
        ("vaccination", frozenset({Claim.VACCINATION})),
        ("none", None),
    ],
)
def test_key_usage_by_both_arcs(usage: Any, claims: frozenset[Claim] | None) -> None:
    assert health_claims(parse_certificate(der("DE", usage)).key_usages) == claims


def test_other_usages_do_not_restrict() -> None:
    assert health_claims(["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.1847.2021.1.4"]) is None
    assert health_claims(["1.3.6.1.4.1.0.1847.2021.1.3"]) == {Claim.RECOVERY}
    assert health_claims(["1.3.6.1.4.1.1847.2021.1.12"]) is None


def test_certificates_that_strict_parsers_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    from verifier.trust import certificates

    def refuse(_der: bytes, _sha256: str) -> certificates.SignerCertificate:
        raise ValueError("as a strict parser does")

    strict = parse_certificate(der("DE", "test"))
    monkeypatch.setattr(certificates, "_strict", refuse)
    tolerant = parse_certificate(der("DE", "test"))
    assert not tolerant.strict
    for name in ("sha256", "kid", "subject", "country", "not_before", "not_after", "key_usages"):
        assert getattr(tolerant, name) == getattr(strict, name)
    with pytest.raises(TrustError):
        parse_certificate(der()[:-40])


def _anchors(folder: Path, **changes: Any) -> Path:
    data = json.dumps({"certificates": [base64.b64encode(der()).decode()]}).encode()
    (folder / "list.json").write_bytes(data)
    values: dict[str, Any] = {
        "file": '"list.json"', "kind": '"dsc-json"', "sha256": f'"{hashlib.sha256(data).hexdigest()}"',
        "source": '"test"', "fetched": "2021-12-01T00:00:00Z", "expires": "2021-12-15T00:00:00Z", "qa": "true",
        **changes,
    }  # fmt: skip
    lines = [
        "# a comment",
        "",
        "[[anchor]]",
        *(f"{key} = {value}" for key, value in values.items() if value is not None),
    ]
    (folder / "anchors.toml").write_text("\n".join(lines))
    return folder


def test_anchors_load(tmp_path: Path) -> None:
    store = load_store(_anchors(tmp_path))
    assert (len(store), store.qa) == (1, True)
    assert store.sources["list.json"].fetched == datetime(2021, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sha256": '"00"'}, ListCode.HASH_DIFFERS),
        ({"file": '"absent.json"'}, ListCode.FILE_MISSING),
        ({"file": '"../list.json"'}, ListCode.FILE_MISSING),
        ({"kind": '"unheard-of"'}, ListCode.ANCHOR_BROKEN),
        ({"fetched": '"yesterday"'}, ListCode.ANCHOR_BROKEN),
        ({"source": None}, ListCode.ANCHOR_BROKEN),
        ({"surprise": "1"}, ListCode.ANCHOR_BROKEN),
        ({"qa": "false"}, ListCode.QA_REFUSED),
        ({"kind": '"dsc-german"'}, ListCode.ANCHOR_BROKEN),
    ],
)
def test_bad_anchors_fail_with_file_and_line(tmp_path: Path, changes: dict[str, Any], code: ListCode) -> None:
    with pytest.raises(ConfigError) as refused:
        load_store(_anchors(tmp_path, **changes))
    assert refused.value.code is code
    assert refused.value.facts["line"] == 3
    assert str(refused.value.facts["file"]).endswith("anchors.toml")


def test_no_anchors_file_and_no_anchor(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load_store(tmp_path)
    assert refused.value.code is ListCode.FILE_MISSING
    (tmp_path / "anchors.toml").write_text("# nothing")
    with pytest.raises(ConfigError) as refused:
        load_store(tmp_path)
    assert refused.value.code is ListCode.EMPTY
    (tmp_path / "anchors.toml").write_text("[[anchor]\n")
    with pytest.raises(ConfigError) as refused:
        load_store(tmp_path)
    assert refused.value.code is ListCode.ANCHOR_BROKEN


def test_qa_and_production_never_mix() -> None:
    with pytest.raises(ConfigError) as refused:
        TrustStore([KeyList("hcert", ListSource("a", qa=True)), KeyList("hcert", ListSource("b"))])
    assert refused.value.code is ListCode.QA_MIXED


def test_trust_given_with_a_question(tmp_path: Path) -> None:
    encoded = base64.b64encode(der()).decode()
    (tmp_path / "one.pem").write_bytes(_pem(der("FR")))
    store = store_from({"certificates": [encoded, "one.pem", _pem(der("AT")).decode()]}, tmp_path)
    assert len(store) == 3
    assert len(store_from({"trustlist": {"certificates": [encoded]}})) == 1
    (tmp_path / "list.json").write_text(json.dumps([encoded]))
    assert len(store_from({"trustlist": "list.json"}, tmp_path)) == 1
    with pytest.raises(InputError):
        store_from({"trustlist": "no such file"}, tmp_path)
    with pytest.raises(InputError):
        store_from({"trustlist": 3}, tmp_path)


def test_age_of_a_list() -> None:
    from verifier.trust.ages import FRESH_FOR, check_age

    fetched = datetime(2021, 12, 1, tzinfo=UTC)
    source = ListSource("list", fetched=fetched)
    codes = lambda at, known=None: [f.code for f in check_age(source, at, known or at)]  # noqa: E731
    assert codes(fetched + FRESH_FOR) == []
    assert codes(fetched + FRESH_FOR + timedelta(seconds=1)) == [ListCode.STALE]
    assert codes(fetched - timedelta(days=1)) == [ListCode.FETCHED_LATER]
    assert codes(fetched + timedelta(days=1), fetched - timedelta(days=1)) == [ListCode.FETCHED_LATER]
    assert [f.code for f in check_age(ListSource("list"), fetched, fetched)] == [ListCode.AGE_UNKNOWN]
    short = ListSource("list", fetched=fetched, expires=fetched + timedelta(hours=1))
    assert [f.code for f in check_age(short, fetched + timedelta(hours=2), fetched)] == [ListCode.STALE]
