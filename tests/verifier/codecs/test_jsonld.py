"""JSON-LD: the bundled tables, the canonical form, and what of a document it covers."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from verifier.codecs.contexts import contexts
from verifier.codecs.jsonld import JsonLdCode, canonicalise, signed_view
from verifier.errors import EnvelopeError

CREDENTIALS = "https://www.w3.org/2018/credentials/v1"
V1, V2 = (f"https://cowin.gov.in/credentials/vaccination/v{version}" for version in (1, 2))
CARD: dict[str, Any] = {
    "@context": [CREDENTIALS, V2],
    "type": ["VerifiableCredential", "ProofOfVaccinationCredential"],
    "issuer": "https://qa.example/",
    "issuanceDate": "2021-08-01T10:00:00.000Z",
    "nonTransferable": "true",
    "credentialSubject": {
        "type": "Person",
        "id": "did:Passport:QA1",
        "name": "Anna Example",
        "dob": "1990-01-02",
        "address": {"city": "QA", "addressCountry": "IN", "postalCode": 12},
    },
    "evidence": [
        {
            "type": ["Vaccination"],
            "id": "https://qa.example/1",
            "vaccine": "COVISHIELD",
            "dose": 1,
            "totalDoses": 2,
            "facility": {"name": "QA", "address": {"city": "QA", "addressCountry": "IN"}},
        }
    ],
}


def card(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(CARD), **changes}


def subject(**changes: Any) -> dict[str, Any]:
    return card(credentialSubject={**CARD["credentialSubject"], **changes})


def refused(document: dict[str, Any], **limits: int) -> JsonLdCode:
    with pytest.raises(EnvelopeError) as caught:
        signed_view(document, **limits)
    assert isinstance(caught.value.code, JsonLdCode)
    return caught.value.code


def normalised(document: dict[str, Any]) -> bytes:
    """PyLD alone, with the whole contexts."""

    def load(url: str, _options: object) -> dict[str, Any]:
        context = contexts()[url]
        found = {"@context": [*context.after, context.local]}
        return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": "application/ld+json"}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    return str(pyld.normalize(document, options)).encode()


def test_every_table_says_where_it_is_from() -> None:
    assert {CREDENTIALS, V1, V2, "https://w3id.org/security/v2", "https://www.w3.org/ns/did/v1"} <= contexts().keys()
    assert contexts()["https://divoc.lgcc.gov.lk/credentials/vaccination/v1"].terms == contexts()[V2].terms
    assert "dob" not in contexts()[V1].terms["Person"].terms


def test_the_canonical_form_of_one_small_document() -> None:
    document = {"@context": V1, "type": "Person", "id": "did:x:1", "name": 'A "B"\n', "age": 3, "unmapped": "x"}
    assert canonicalise(document) == (
        b"<did:x:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/Person> .\n"
        b'<did:x:1> <https://schema.org/Number> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
        b'<did:x:1> <https://schema.org/name> "A \\"B\\"\\n" .\n'
    )


def test_cut_contexts_give_the_form_of_whole_ones() -> None:
    proof = {
        "@context": "https://w3id.org/security/v2",
        "type": "RsaSignature2018",
        "created": "2021-08-01T10:00:00Z",
        "verificationMethod": "did:qa",
        "proofPurpose": "assertionMethod",
    }
    prefixed = card(issuer="schema:Issuer")
    for document in (CARD, card(**{"@context": [CREDENTIALS, V1]}), proof, prefixed):
        assert canonicalise(document) == normalised(document)
    assert b"<https://schema.org/Issuer>" in canonicalise(prefixed)
    assert b"<https://w3id.org/security#assertionMethod>" in canonicalise(proof)


def test_order_of_keys_and_of_sets_does_not_matter() -> None:
    turned = {key: CARD[key] for key in reversed(CARD)} | {"type": CARD["type"][::-1]}
    assert canonicalise(turned) == canonicalise(CARD)


@pytest.mark.parametrize(
    "changed",
    [
        subject(name="Anne Example"),
        subject(dob="1990-01-03"),
        card(issuer="https://qa.example/other"),
        card(evidence=[{**CARD["evidence"][0], "dose": "1"}]),
        card(type=["VerifiableCredential"]),
    ],
)
def test_what_is_mapped_is_signed(changed: dict[str, Any]) -> None:
    assert canonicalise(changed) != canonicalise(CARD)


def test_the_view_holds_the_whole_of_an_honest_card() -> None:
    view = signed_view(CARD)
    wanted = {key: value for key, value in CARD.items() if key != "@context"}
    assert {**view.content, "type": sorted(view.content["type"])} == {
        **wanted,
        "type": sorted(wanted["type"]),
        "credentialSubject": {**wanted["credentialSubject"], "type": ["Person"]},
    }
    assert (view.unsigned, view.dropped) == ((), 0)


def test_unmapped_properties_are_neither_kept_nor_silent() -> None:
    forged = subject(passportNumber="X1", **{"Anna's <b>": 1})
    view = signed_view(forged)
    assert view.canonical == signed_view(CARD).canonical
    assert "passportNumber" not in view.content["credentialSubject"]
    assert view.unsigned == ("passportNumber",)  # a name that is no plain word is counted but not repeated
    assert view.dropped == 2


def test_the_first_vocabulary_does_not_sign_a_birth_date() -> None:
    view = signed_view(card(**{"@context": [CREDENTIALS, V1]}))
    assert "dob" not in view.content["credentialSubject"]
    assert view.unsigned == ("dob",)


@pytest.mark.parametrize("ident", ["12345", "did Passport 1", "relative/path"])
def test_nothing_is_signed_about_a_subject_with_a_relative_identifier(ident: str) -> None:
    view = signed_view(subject(id=ident))
    assert "credentialSubject" not in view.content
    assert b"Anna" not in view.canonical


def test_an_unknown_type_does_not_go_unnoticed() -> None:
    added = card(evidence=[{**CARD["evidence"][0], "type": ["Vaccination", "Booster"]}])
    view = signed_view(added)
    assert view.canonical != signed_view(CARD).canonical
    assert view.content["evidence"][0]["type"] == ["Vaccination"]


def test_a_type_that_is_not_stated_brings_no_terms() -> None:
    nobody = card(credentialSubject={key: value for key, value in CARD["credentialSubject"].items() if key != "type"})
    assert signed_view(nobody).content["credentialSubject"] == {"id": "did:Passport:QA1"}


def test_one_thing_described_twice_is_refused() -> None:
    """Else one dose could be shown as two: both objects give the same statements."""
    first = CARD["evidence"][0]
    split = card(evidence=[{**first, "totalDoses": 2}, {"id": first["id"], "type": "Vaccination", "dose": 2}])
    assert refused(split) is JsonLdCode.NODE_REPEATED
    flat = {key: value for key, value in first.items() if key != "facility"}
    assert canonicalise(card(evidence=[flat, flat])) == canonicalise(card(evidence=[flat]))
    assert refused(card(evidence=[flat, flat])) is JsonLdCode.NODE_REPEATED


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (card(**{"@context": []}), JsonLdCode.CONTEXT_MISSING),
        ({"type": "Person"}, JsonLdCode.CONTEXT_MISSING),
        (card(**{"@context": [CREDENTIALS, "https://attacker.example/v1"]}), JsonLdCode.CONTEXT_UNKNOWN),
        (card(**{"@context": [CREDENTIALS, {"dob": "https://schema.org/date"}]}), JsonLdCode.CONTEXT_INLINE),
        (card(**{"@context": {"name": "https://x"}}), JsonLdCode.CONTEXT_INLINE),
        (subject(**{"@context": {"dob": None}}), JsonLdCode.CONTEXT_INLINE),
        (subject(name={"@value": "Anna", "@language": "en"}), JsonLdCode.KEYWORD),
        (card(**{"@graph": []}), JsonLdCode.KEYWORD),
        (subject(id="_:b0"), JsonLdCode.NODE_NAMED),
        (card(issuer="_:c14n0"), JsonLdCode.NODE_NAMED),
        (card(**{"_:x": "1"}), JsonLdCode.KEYWORD),
        (card(evidence=[{"id": "did:x:1", "type": 7}]), JsonLdCode.BROKEN),
    ],
)
def test_what_is_refused(document: dict[str, Any], code: JsonLdCode) -> None:
    assert refused(document) is code


def test_too_many_values() -> None:
    assert refused(card(evidence=["https://qa.example/x"] * 3000)) is JsonLdCode.TOO_COMPLEX
    assert refused(CARD, values=10) is JsonLdCode.TOO_COMPLEX


@pytest.mark.parametrize("count", [6, 30, 300])
def test_graphs_built_to_run_for_ever_end(count: int) -> None:
    """Objects that look alike have n! orders to try."""
    alike = card(evidence=[{"type": "Vaccination", "verifier": {"name": "x"}} for _ in range(count)])
    start = time.perf_counter()
    assert refused(alike) is JsonLdCode.TOO_COMPLEX
    assert time.perf_counter() - start < 5


def test_a_few_alike_are_told_apart() -> None:
    twins = card(evidence=[{"type": "Vaccination", "dose": 1} for _ in range(3)])
    assert signed_view(twins).content["evidence"] == [{"type": ["Vaccination"], "dose": 1}] * 3


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "name", "dob", "evidence", "@id", "x:y", ""]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from([*CARD, "proof", "holder"]), VALUES, max_size=5), st.booleans())
@settings(max_examples=80, deadline=None)
def test_any_document_gives_a_view_or_a_coded_error(values: dict[str, Any], whole: bool) -> None:
    document = {**(CARD if whole else {}), **values, "@context": [CREDENTIALS, V2]}
    try:
        view = signed_view(document)
    except EnvelopeError as error:
        assert error.code
    else:
        assert isinstance(view.canonical, bytes)
