"""WHO corpus: signatures of vectors, proofs and contents of the trust lists, trust anchor, product ids."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from corpora import Tally, corpus, run

from verifier.errors import CleargateError, RecordError, TrustError
from verifier.formats.who_icvp import generation
from verifier.formats.who_link import describe
from verifier.health import tables
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust.from_case import SOURCE
from verifier.trust.keys import ListSource
from verifier.trust.lists import csca, did_proof, did_who, dsc
from verifier.trust.store import SignatureState, TrustStore
from verifier.trust.x509 import parse

AT = datetime(2026, 11, 22, tzinfo=UTC)
Vector = Mapping[str, Any]

# expected_signature -> states of the signature that say the same
STATES: Mapping[str, tuple[SignatureState, ...]] = {
    "verified": (SignatureState.VALID,),
    "invalid-signature": (SignatureState.INVALID,),
    "unverified-no-key": (SignatureState.UNKNOWN_SIGNER,),
}
FORMATS: Mapping[str, str] = {
    "dvc-2024": "icvp",
    "icvp-2025": "icvp",
    "icvp-2026": "icvp",
    "vhl-claim5": "health-link",
    "ddcc-vs-draft": "ddcc",
    "ddcc-tr-draft": "ddcc",
    "eu-dcc": "eu-dcc",
}


def vectors(folder: Path) -> list[Vector]:
    found = [json.loads(path.read_text("utf-8")) for path in sorted((folder / "vectors").glob("*.json"))]
    return found or pytest.skip("no vectors")


def test_vectors() -> None:
    def judge(tally: Tally, vector: Vector) -> None:
        if vector["carrier"] == "link":
            _link(tally, vector)
            return
        if vector["carrier"] != "HC1":
            tally.skip(f"carrier {vector['carrier']}")
            return
        kid = _base64(vector["decoded"].get("kid_hex"))
        listed = [(0, key["x5c_der_b64"], None, kid) for key in vector["keys"] if key.get("x5c_der_b64")]
        store = TrustStore([dsc.from_certificates(listed, SOURCE)])
        (document,) = read_scans([Scan.text(vector["qr"])], trust=store, at=AT)
        accepted = STATES[vector["expected_signature"]]
        tally.judge(vector["id"], accepted[0], document.signature, accept=accepted)
        if vector["kind"] in FORMATS:
            tally.judge(f"{vector['id']} format", FORMATS[vector["kind"]], document.format)
        claims = vector["decoded"]["cwt_claims"]
        record = document.record
        payload = claims.get("-260", {}).get("-6")
        if payload and record is not None:
            tally.judge(f"{vector['id']} name", payload["n"], record.holder.full_name)
            tally.judge(f"{vector['id']} birth date", payload.get("dob", ""), str(record.holder.birth_date))
            dose = payload.get("vx") or payload["v"]
            given = dose.get("dv") or dose.get("dt") or ""
            tally.judge(f"{vector['id']} date", given, str(record.vaccinations[0].date))
            tally.judge(f"{vector['id']} batch", dose.get("bo"), record.vaccinations[0].lot)
            found = generation(payload)
            if vector["kind"].startswith(("dvc-", "icvp-2")):
                tally.judge(f"{vector['id']} generation", int(vector["kind"][-4:]), found.year if found else None)
        if vector["decoded"].get("kid_cbor_type") == "text":
            said = {finding.code.value for finding in document.findings}
            tally.judge(f"{vector['id']} kid as text", True, "hcert.kid-text" in said)

    run("who vectors", vectors(corpus("who")), judge)


def _base64(kid_hex: str | None) -> str | None:
    return base64.b64encode(bytes.fromhex(kid_hex)).decode() if kid_hex else None


def _link(tally: Tally, vector: Vector) -> None:
    """A bare link is named for what it is by the reader; its payload is described without being opened."""
    (document,) = read_scans([Scan.text(vector["qr"])], trust=TrustStore(), at=AT)
    tally.judge(vector["id"], "format.health-link", document.findings[0].code.value)
    payload = vector["decoded"].get("link_payload")
    try:
        said = describe(vector["qr"])
    except RecordError:
        tally.judge(f"{vector['id']} readable", payload is not None, False)
        return
    tally.judge(f"{vector['id']} passcode", "P" in ((payload or {}).get("flag") or ""), said["passcode"])


def test_proofs() -> None:
    """Every proof holds under the signer of the DEV network; a change of one character anywhere breaks it."""
    folder = corpus("who")
    signer_file = folder / "trustlists" / "dev" / "signer" / "did.json"
    if not signer_file.is_file():
        pytest.skip("the DEV signer is absent")
    signer = signer_file.read_bytes()
    files = sorted((folder / "did-proofs").glob("*.json"))

    def judge(tally: Tally, path: Path) -> None:
        case = json.loads(path.read_text("utf-8"))
        document = case["document"]
        tally.judge(path.name, case["proof_verifies_with_dev_signer"], _holds(document, signer))
        if case["proof_verifies_with_dev_signer"]:
            for name, changed in _changes(document):
                tally.judge(f"{path.name} with {name} changed", False, _holds(changed, signer))

    run("who did-proofs", files or pytest.skip("no proofs"), judge)


def _holds(document: Mapping[str, Any], signer: bytes) -> bool:
    try:
        did_proof.check_proof(document, signer)
    except CleargateError:
        return False
    return True


def _changes(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Copies of the document with one value changed by one bit each: document, proof options, signature, entries."""

    def flip(text: str, at: int = -2) -> str:
        index = at % len(text)
        return text[:index] + chr(ord(text[index]) ^ 1) + text[index + 1 :]

    out: list[tuple[str, dict[str, Any]]] = []
    for name in ("id", "controller"):
        out.append((name, {**document, name: flip(document[name])}))
    proof = document["proof"]
    for name in ("created", "nonce", "verificationMethod", "proofPurpose", "jws"):
        if proof.get(name):
            out.append((f"proof.{name}", {**document, "proof": {**proof, name: flip(proof[name])}}))
    methods = document.get("verificationMethod", [])
    for index, method in list(enumerate(methods))[:2]:
        if isinstance(method, str):
            changed: list[tuple[str, Any]] = [("reference", flip(method))]
        else:
            jwk = method["publicKeyJwk"]
            changed = [
                ("method id", {**method, "id": flip(method["id"])}),
                ("x5c", {**method, "publicKeyJwk": {**jwk, "x5c": [flip(jwk["x5c"][0], 40), *jwk["x5c"][1:]]}}),
            ]
            for name in ("domain", "participant", "keyusage"):
                if name in method:
                    changed.append((name, {**method, name: {"code": flip(method[name]["code"])}}))
        for name, value in changed:
            out.append((name, {**document, "verificationMethod": [*methods[:index], value, *methods[index + 1 :]]}))
    return out


def _table(folder: Path) -> list[tuple[str, Path]]:
    names = [(env, folder / "trustlists" / env / "v2" / "trustlist" / "did.json") for env in ("prod", "uat", "dev")]
    return [(env, path) for env, path in names if path.is_file()]


def test_trust_lists() -> None:
    """Counts of usages, domains and expired certificates, against a count of the entries themselves."""
    folder = corpus("who")
    lists = _table(folder)
    if not lists:
        pytest.skip("no trust lists")

    def judge(tally: Tally, item: tuple[str, Path]) -> None:
        env, path = item
        data = path.read_bytes()
        signer = path.parents[2] / "signer" / "did.json"
        held = did_who.read_did(
            data,
            ListSource(env, qa=env != "prod"),
            environment=env,
            key_pem=signer.read_bytes() if signer.is_file() else None,
        )
        entries = [entry for entry in json.loads(data)["verificationMethod"] if isinstance(entry, dict)]
        usages = Counter(entry["id"].split("#")[0].rpartition(":")[2] for entry in entries)
        signers = {key.signer.key_id: key.signer for key in held.keys}
        tally.judge(f"{env} DSC", len({_sha(e) for e in entries if ":DSC#" in e["id"]}), len(signers))
        tally.judge(f"{env} SCA", usages["SCA"], len(held.authorities))
        tally.judge(
            f"{env} other", sum(usages.values()) - usages["DSC"] - usages["SCA"], _count(held, "did.other-usage")
        )
        expired = sum(1 for signer in signers.values() if signer.not_after and signer.not_after < AT)
        parsed = [parse(base64.b64decode(e["publicKeyJwk"]["x5c"][0])) for e in entries if ":DSC#" in e["id"]]
        tally.judge(f"{env} expired DSC", sum(c.not_after < AT for c in parsed), expired)
        domains = Counter(entry["domain"]["code"].lstrip("#") for entry in entries if ":DSC#" in entry["id"])
        listed = Counter(key.signer.domain for key in held.keys if key.kid.hex() == key.signer.kid)
        tally.judge(f"{env} domains", dict(domains), dict(listed))
        tally.judge(f"{env} ICVP keys", 0, listed["ICVP"])
        if signer.is_file():
            tally.judge(f"{env} proof", 1, _count(held, "did.proof-holds", how=len))
        kids = sum(key.kid == bytes.fromhex(key.signer.key_id[:16]) for key in held.keys)
        tally.judge(f"{env} kid", len(signers), kids)

    run("who trust lists", lists, judge)


def _sha(entry: Mapping[str, Any]) -> str:
    return hashlib.sha256(base64.b64decode(entry["publicKeyJwk"]["x5c"][0])).hexdigest()


def _count(held: Any, code: str, how: Any = None) -> int:
    found = [finding for finding in held.findings if finding.code.value == code]
    return len(found) if how is len else sum(finding.facts["count"] for finding in found)


def test_references_are_not_followed() -> None:
    """The reference lists of production and UAT name the DEV list: no key comes of it, and it is said."""
    folder = corpus("who")
    files = sorted((folder / "trustlists").glob("*/v2/trustlist-ref/did.json"))

    def judge(tally: Tally, path: Path) -> None:
        held = did_who.read_did(path.read_bytes(), SOURCE, environment=did_who.ANY)
        environments = {
            name
            for finding in held.findings
            if finding.code.value == "did.references-not-followed"
            for name in finding.facts["environments"]
        }
        tally.judge(f"{path.parts[-4]} keys", 0, len(held.keys))
        tally.judge(f"{path.parts[-4]} names the DEV list", True, "dev" in environments)

    run("who references", files or pytest.skip("no reference lists"), judge)


def test_trust_anchor() -> None:
    """Every CMS file of TNG_TA holds under the pinned anchor; the authorities it names are those of the list."""
    folder = corpus("who") / "trust-anchor"
    chain = folder / "prod-TNG_TA.chain.pem"
    if not chain.is_file():
        pytest.skip("the trust anchor is absent")
    anchors = csca.certificates_of(chain.read_bytes())[:1]
    table_file = folder / "prod-sca-cms.json"
    table = json.loads(table_file.read_text("utf-8")) if table_file.is_file() else []
    kids = {(row["participant"], row["sca_kid"]): row for row in table}
    files = sorted(folder.glob("*.der"))

    def judge(tally: Tally, path: Path) -> None:
        held = did_who.statements([path.read_bytes()], anchors, SOURCE)
        tally.judge(path.name, 1, len(held.authorities))
        if kids and held.authorities:
            kid = base64.b64encode(hashlib.sha256(held.authorities[0].certificate).digest()[:8]).decode()
            row = kids.get((path.name.split("-")[1], kid))
            tally.judge(f"{path.name} kid {kid}", parse(anchors[0]).sha256, row and row["signer_sha256"])
        broken = bytearray(path.read_bytes())
        broken[len(broken) // 3] ^= 1
        tally.judge(f"{path.name} changed", 0, len(did_who.statements([bytes(broken)], anchors, SOURCE).authorities))

    run("who trust anchor", files or pytest.skip("no CMS files"), judge)


def test_authorities_behind_the_anchor() -> None:
    """Which authorities of the production list the anchor's statements cover."""
    folder = corpus("who")
    table_file = folder / "trust-anchor" / "prod-sca-cms.json"
    lists = dict(_table(folder))
    if not table_file.is_file() or "prod" not in lists:
        pytest.skip("statements or production list absent")
    held = did_who.read_did(lists["prod"].read_bytes(), SOURCE)
    kids = {base64.b64encode(hashlib.sha256(a.certificate).digest()[:8]).decode() for a in held.authorities}

    def judge(tally: Tally, row: Mapping[str, Any]) -> None:
        tally.judge(f"{row['participant']} {row['sca_kid']}", row["in_prod_trustlist"], row["sca_kid"] in kids)

    run("who anchored authorities", json.loads(table_file.read_text("utf-8")), judge)


def test_products() -> None:
    """Every product id of the catalogue is in our table with the right disease; ids outside it are not."""
    folder = corpus("who") / "products"
    catalogue = folder / "icvp-product-ids.json"
    if not catalogue.is_file():
        pytest.skip("the catalogue is absent")

    def judge(tally: Tally, row: Mapping[str, Any]) -> None:
        product = tables.product("icvp", row["product_id"])
        wanted = "yellow-fever" if row["icd11"] == "1D47" else "polio"
        tally.judge(row["product_id"], wanted, product.disease.value if product else None)
        if "display" in row:  # the seven fields of the table, joined, and a line feed
            digest = hashlib.md5((row["display"] + "\n").encode(), usedforsecurity=False).hexdigest()
            tally.judge(f"{row['product_id']} digest", digest, row["product_id"][-32:])

    run("who products", json.loads(catalogue.read_text("utf-8"))["catalogue_ids"], judge)


def test_product_ids_have_the_form_of_the_rule() -> None:
    """Vaccine type (letters and digits, first 24), `Product`, MD5; and in the catalogue or not as stated."""
    rows_file = corpus("who") / "products" / "prequalified-vaccines-2025.json"
    if not rows_file.is_file():
        pytest.skip("the prequalification table is absent")

    def judge(tally: Tally, row: Mapping[str, Any]) -> None:
        stem = "".join(char for char in row["vaccine_type"] if char.isascii() and char.isalnum())[:24]
        ident = row["product_id"]
        tally.judge(f"{ident} form", f"{stem}Product", ident[:-32])
        tally.judge(f"{ident} listed", row["in_icvp_catalogue"], tables.product("icvp", ident) is not None)

    run("who product ids", json.loads(rows_file.read_text("utf-8")), judge)


def test_environments_do_not_mix() -> None:
    """A DEV or UAT list is refused where production is meant."""
    folder = corpus("who")
    for env, path in _table(folder):
        if env != "prod":
            with pytest.raises(TrustError, match=r"did\.environment-refused"):
                did_who.read_did(path.read_bytes(), ListSource("production"))
