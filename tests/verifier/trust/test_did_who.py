"""WHO trust lists: usage, keys, proof, environments, references, and authorities behind a trust anchor."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.authorities import gdhcn
from tests.verifier.trust.writers_chain import OTHER_KEY, SIGNER_KEY, certificate, csca, ec_key, held, signed_data
from verifier.errors import TrustError
from verifier.findings import Outcome
from verifier.model import Claim
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists.did_proof import check_proof
from verifier.trust.lists.did_who import ANY, read_did, statements

QA = ListSource("qa", qa=True)
PLAIN = ListSource("plain")
LIST = gdhcn.trust_list()
SIGNER = json.dumps(gdhcn.signer_document()).encode()
HOST = "did:web:tng-cdn.who.int:v2:trustlist"
SCA_KEY, DSC_KEY = ec_key(31), ec_key(32)
SCA = csca("QA SCA", "NZ", SCA_KEY)
DSC = certificate(
    "QA DSC",
    "NZ",
    key=DSC_KEY,
    issuer="QA SCA",
    issuer_country="NZ",
    issuer_key=SCA_KEY,
    usages=["1.3.6.1.4.1.1847.2021.1.2"],
    types=None,
)


def data(document: Any = LIST) -> bytes:
    return json.dumps(document).encode()


def kid_of(der: bytes) -> str:
    return base64.b64encode(hashlib.sha256(der).digest()[:8]).decode()


def method(
    der: bytes, usage: str = "DSC", participant: str = "NZL", *, kid: str | None = None, host: str = HOST, **more: Any
) -> dict[str, Any]:
    """An entry as the network writes it: `x` with a leading zero, and CSCA where the id says SCA."""
    said = {"SCA": "CSCA"}.get(usage, usage)
    jwk = {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA", "x5c": [base64.b64encode(der).decode()]}
    return {
        "id": f"{host}:DCC:{participant}:{usage}#{kid or kid_of(der)}",
        "type": "JsonWebKey2020",
        "publicKeyJwk": jwk,
        "domain": {"code": "#DCC"},
        "participant": {"code": f"#{participant}"},
        "keyusage": {"code": f"#{said}"},
        **more,
    }


def document(*methods: Any, did: str = HOST) -> bytes:
    return data({"id": did, "verificationMethod": list(methods)})


def codes(found: KeyList) -> list[str]:
    return [finding.code.value for finding in found.findings]


def test_a_list_with_its_proof() -> None:
    found = read_did(data(), QA, key_pem=SIGNER)
    assert codes(found) == ["did.proof-holds"]
    assert found.findings[0].outcome is Outcome.MET
    assert found.findings[0].facts["created"] == gdhcn.CREATED
    assert (len(found.keys), len(found.authorities)) == (len(gdhcn.COUNTRIES), len(gdhcn.COUNTRIES))
    key = next(key for key in found.keys if key.signer.country == "BR")
    assert key.kid == gdhcn.signer("BR").kid
    assert key.public_key == gdhcn.signer("BR").key.public_key()
    assert (key.signer.ring, key.signer.domain, key.signer.source) == ("hcert", "ICVP", "qa")
    assert key.signer.claims == {Claim.VACCINATION}
    assert len(key.signer.path) == 2


def test_a_signer_given_as_pem() -> None:
    key = ec_key(5)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(TrustError, match=r"did\.proof-invalid"):
        read_did(data(), QA, key_pem=pem)


def test_without_the_signer_the_proof_is_said_to_be_unchecked() -> None:
    found = read_did(data(), QA)
    assert codes(found) == ["did.proof-unchecked"]
    assert len(found.keys) == len(gdhcn.COUNTRIES)


def flipped(text: str) -> str:
    return text[:-2] + chr(ord(text[-2]) ^ 1) + text[-1]


@pytest.mark.parametrize(
    "path",
    [
        ("id",),
        ("controller",),
        ("proof", "created"),
        ("proof", "jws"),
        ("proof", "proofPurpose"),
        ("verificationMethod", 0, "id"),
        ("verificationMethod", 1, "type"),
        ("verificationMethod", 1, "controller"),
        ("verificationMethod", 1, "publicKeyJwk", "x5c", 0),
        ("verificationMethod", 1, "publicKeyJwk", "kid"),
        ("verificationMethod", 1, "domain", "code"),
        ("verificationMethod", 1, "participant", "code"),
        ("verificationMethod", 1, "keyusage", "code"),
    ],
)
def test_any_changed_bit_breaks_the_proof(path: tuple[Any, ...]) -> None:
    changed = copy.deepcopy(LIST)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = flipped(place[path[-1]])
    with pytest.raises(TrustError, match=r"did\.proof-invalid"):
        check_proof(changed, SIGNER)


@pytest.mark.parametrize(
    "proof",
    [
        None,
        "x",
        {},
        {**LIST["proof"], "type": "Ed25519Signature2018"},
        {**LIST["proof"], "jws": "a.b.c"},
        {**LIST["proof"], "jws": 7},
        {**LIST["proof"], "jws": LIST["proof"]["jws"].split(".")[0] + ".."},
    ],
)
def test_a_proof_of_another_form(proof: Any) -> None:
    with pytest.raises(TrustError, match=r"did\.proof-invalid"):
        check_proof({**LIST, "proof": proof}, SIGNER)


def test_an_entry_taken_out_or_added_breaks_the_proof() -> None:
    methods = LIST["verificationMethod"]
    for changed in (methods[1:], [*methods, method(DSC)]):
        with pytest.raises(TrustError, match=r"did\.proof-invalid"):
            read_did(data({**LIST, "verificationMethod": changed}), QA, key_pem=SIGNER)


def test_another_signer_than_expected() -> None:
    other = {**LIST, "proof": {**LIST["proof"], "verificationMethod": "did:web:attacker.example"}}
    with pytest.raises(TrustError, match=r"did\.proof-signer-differs"):
        check_proof(other, SIGNER)
    for signer in (
        b"{}",
        b"-----BEGIN",
        b'{"id":"x","verificationMethod":[{"publicKeyJwk":{"kty":"EC","crv":"P-384"}}]}',
    ):
        with pytest.raises(TrustError, match=r"list\.not-readable"):
            check_proof(LIST, signer)


# --- entries ----------------------------------------------------------------------------------------------------------


def test_the_key_comes_from_the_certificate_and_the_usage_from_the_path() -> None:
    found = read_did(document(method(DSC), method(SCA, "SCA"), method(SCA, "DECA"), method(SCA, "TLS")), PLAIN)
    (key,) = found.keys
    assert key.public_key == DSC_KEY.public_key()  # x and y of the entry are not even a point
    assert key.signer.country == "NZ"
    assert key.signer.path == ("QA DSC (NZ)", "QA SCA (NZ)")
    assert [authority.country for authority in found.authorities] == ["NZ"]
    assert "did.other-usage" in codes(found)


def test_only_signers_sign() -> None:
    assert read_did(document(method(DSC, "DECA"), method(DSC, "SCA"), method(DSC, "UP")), PLAIN).keys == ()


def test_an_entry_whose_marks_contradict_each_other() -> None:
    found = read_did(document(method(SCA, "SCA", keyusage={"code": "#DSC"})), PLAIN)
    assert (found.keys, found.authorities) == ((), ())
    assert found.findings[-1].facts["reason"] == "did.usage-differs"


def test_placeholders_for_participants_stay() -> None:
    (key,) = read_did(document(method(DSC, participant="XXH")), PLAIN).keys
    assert key.signer.country == "XXH"


def test_a_kid_that_is_not_the_digest_is_found_under_both() -> None:
    found = read_did(document(method(DSC, kid="ABCDEFGH")), PLAIN)
    digest = hashlib.sha256(DSC).digest()[:8]
    assert {key.kid for key in found.keys} == {base64.b64decode("ABCDEFGH"), digest}
    assert "list.kid-differs" in codes(found)


def test_a_signer_under_no_authority_is_listed_and_said_to_be() -> None:
    stranger = certificate("QA DSC", "NZ", key=DSC_KEY, issuer="QA SCA", issuer_country="NZ", issuer_key=OTHER_KEY)
    found = read_did(document(method(stranger), method(SCA, "SCA")), PLAIN)
    assert found.keys[0].signer.path == ()
    assert "did.no-authority" in codes(found)


def test_an_authority_of_another_participant_does_not_count() -> None:
    found = read_did(document(method(DSC), method(SCA, "SCA", "AUS")), PLAIN)
    assert found.keys[0].signer.path == ()


def test_only_signers_under_pinned_authorities() -> None:
    other = certificate("QA DSC 2", "NZ", key=ec_key(33), issuer="QA SCA 2", issuer_country="NZ", issuer_key=OTHER_KEY)
    everything = document(
        method(DSC), method(other), method(SCA, "SCA"), method(csca("QA SCA 2", "NZ", OTHER_KEY), "SCA")
    )
    assert len(read_did(everything, PLAIN).keys) == 2
    pinned = [authority for authority in read_did(everything, PLAIN).authorities if authority.certificate == SCA]
    assert [key.certificate for key in read_did(everything, PLAIN, authorities=pinned).keys] == [DSC]
    assert read_did(everything, PLAIN, authorities=()).keys == ()


@pytest.mark.parametrize(
    "entry",
    [
        {},
        7,
        None,
        {"id": HOST},
        method(DSC[:100]),
        method(DSC, publicKeyJwk={"x5c": []}),
        method(DSC, publicKeyJwk={"x5c": [7]}),
        method(DSC, publicKeyJwk="x"),
        method(DSC, host="did:web:attacker.example:v2:trustlist"),
        {**method(DSC), "id": 7},
    ],
)
def test_one_bad_entry_is_left_out_and_the_rest_loads(entry: Any) -> None:
    found = read_did(document(entry, method(DSC), method(SCA, "SCA")), PLAIN)
    assert [key.certificate for key in found.keys] == [DSC]
    assert [finding.facts["entry"] for finding in found.findings if finding.code.value == "list.entry-broken"] == [0]


def test_version_1_tells_authorities_by_their_certificate() -> None:
    did = "did:web:tng-cdn.who.int:trustlist"
    entries = [
        {"id": f"{did}:nzl#{kid_of(der)}", "publicKeyJwk": {"x5c": [base64.b64encode(der).decode()]}}
        for der in (DSC, SCA)
    ]
    found = read_did(document(*entries, did=did), PLAIN)
    assert [key.certificate for key in found.keys] == [DSC]
    assert [authority.certificate for authority in found.authorities] == [SCA]
    assert found.keys[0].signer.country == "NZ"


# --- environments and references --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["tng-cdn-uat.who.int", "tng-cdn-dev.who.int", "attacker.example", "tng-cdn.who.int.evil"]
)
def test_only_the_production_list_is_taken_unasked(host: str) -> None:
    did = f"did:web:{host}:v2:trustlist"
    listed = document(method(DSC, host=did), did=did)
    with pytest.raises(TrustError, match=r"did\.environment-refused"):
        read_did(listed, PLAIN)
    with pytest.raises(TrustError, match=r"did\.environment-refused"):
        read_did(listed, PLAIN, environment="prod")
    assert len(read_did(listed, PLAIN, environment=ANY).keys) == 1
    assert len(read_did(listed, QA).keys) == 1


def test_a_named_environment_must_be_the_one_found() -> None:
    assert read_did(document(method(DSC)), PLAIN, environment="prod").keys
    with pytest.raises(TrustError, match=r"did\.environment-refused"):
        read_did(document(method(DSC)), QA, environment="dev")


def test_references_are_counted_and_never_followed() -> None:
    references = [f"{HOST}-ref:DCC", "did:web:tng-cdn-dev.who.int:trustlist", "did:web:example.com"]
    found = read_did(document(*references), PLAIN)
    assert (found.keys, found.authorities) == ((), ())
    (finding,) = [finding for finding in found.findings if finding.code.value == "did.references-not-followed"]
    assert finding.facts == {"list": "plain", "count": 3, "environments": ["dev", "elsewhere", "prod"]}


# --- the trust anchor -------------------------------------------------------------------------------------------------


def test_authorities_that_the_anchor_signed() -> None:
    anchor_key = SIGNER_KEY
    anchor = csca("QA TNG_TA", "CH", anchor_key)
    good = signed_data(SCA, anchor, anchor_key, kind="1.2.840.113549.1.7.1")
    stranger = signed_data(SCA, csca("QA TNG_TA", "CH", OTHER_KEY), OTHER_KEY, kind="1.2.840.113549.1.7.1")
    no_certificate = signed_data(b"x", anchor, anchor_key, kind="1.2.840.113549.1.7.1")
    found = statements([good, stranger, no_certificate, b"", good[:-40]], [anchor], QA)
    assert [authority.certificate for authority in found.authorities] == [SCA]
    assert [finding.facts["entry"] for finding in found.findings] == [1, 2, 3, 4]
    assert held(SCA)[0].certificate == found.authorities[0].certificate


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"id":7}', b'{"id":"x","verificationMethod":{}}', b"[" * 10_000])
def test_what_is_no_document(raw: bytes) -> None:
    with pytest.raises(TrustError, match=r"list\.not-readable"):
        read_did(raw, QA)


LEAF = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
NAMES = st.sampled_from(["id", "type", "publicKeyJwk", "x5c", "domain", "code", "jws", "proof"])
TREE = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4))


@given(TREE, TREE)
@settings(max_examples=80, deadline=None)
def test_any_document_gives_a_list_or_a_coded_error(methods: Any, proof: Any) -> None:
    for key in (None, SIGNER):
        try:
            read_did(data({**LIST, "verificationMethod": methods, "proof": proof}), QA, key_pem=key)
        except TrustError as error:
            assert error.code
