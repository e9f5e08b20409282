"""Keys, signatures and statements that must not count: forged, borrowed, withdrawn or impossible."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from fixtures.authorities import gdhcn, write_trust
from fixtures.documents import document_of
from fixtures.flights import Passenger
from fixtures.personas import persona
from fixtures.render.codes import side_by_side
from tests.conftest import MakeHcert
from tests.verifier.attacks import (
    ANNA,
    ASA,
    FLIGHT,
    ask,
    codes,
    negative_test,
    numbered_file,
    papers,
    signed,
    vaccination,
)
from verifier.checkin import CheckIn
from verifier.decision import Verdict
from verifier.errors import ConfigError
from verifier.model import Journey, Leg, Scan
from verifier.questions import question_from_json
from verifier.reading import Evidence, read_scans
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.keys import ListSource
from verifier.trust.lists import csca
from verifier.trust.store import TrustStore

# --- what no issuer can vouch for -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "issued", "code"),
    [
        (vaccination("2021-11-10"), datetime(2021, 6, 10, tzinfo=UTC), "reading.event-after-signature"),
        (vaccination("1983-11-10"), datetime(2021, 6, 10, tzinfo=UTC), "reading.event-before-birth"),
        (vaccination("2021-12-24"), datetime(2021, 12, 19, tzinfo=UTC), "reading.event-in-future"),
        (negative_test("2021-12-24T09:00:00Z"), datetime(2021, 12, 19, tzinfo=UTC), "reading.event-in-future"),
    ],
)
def test_events_that_cannot_have_been_are_no_evidence(
    desk: CheckIn, make_hcert: MakeHcert, content: dict[str, Any], issued: datetime, code: str
) -> None:
    vaccine, test = papers()
    other = vaccine if "t" in content else test
    later = Journey((Leg("LHR", "JFK", departs=datetime(2021, 12, 20, 18, tzinfo=UTC)),))
    decision = ask(desk, [signed(make_hcert, content, issued), other], journey=later)
    assert decision.verdict is not Verdict.CLEARED
    assert code in codes(decision)
    assert decision.documents[0].evidence == "open"


def test_a_broken_card_beside_a_good_one_is_not_held_against_anybody(desk: CheckIn) -> None:
    made = {
        kind: document_of(
            persona("anna"), kind, day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="shc"
        ).text
        for kind in ("vaccination", "test")
    }
    assert ask(desk, list(made.values())).verdict is Verdict.CLEARED
    assert ask(desk, [made["test"]]).verdict is Verdict.DENIED
    for broken in ("shc:/5", made["vaccination"][:-31], f"shc:/1/2/{made['vaccination'][5:305]}"):
        decision = ask(desk, [made["test"], broken])
        assert decision.verdict is Verdict.REFER
        assert "decision.unread-could-help" in codes(decision)


# --- test keys in production ------------------------------------------------------------------------------------------


def test_no_list_of_test_keys_passes_for_production(tmp_path: Path) -> None:
    write_trust(tmp_path)
    anchors = (tmp_path / "anchors.toml").read_text("utf-8").split("[[anchor]]")[1:]
    accepted = []
    for anchor in anchors:
        if '"crl"' in anchor:  # speaks of its authority alone, and is worth nothing without it
            continue
        (tmp_path / "anchors.toml").write_text("[[anchor]]" + anchor.replace("qa = true", ""), "utf-8")
        try:
            load_store(tmp_path)
        except ConfigError:
            continue
        accepted.append(anchor.split('"')[1])
    assert not accepted


def test_lists_of_one_name_do_not_hide_test_keys_or_age(store: TrustStore) -> None:
    keys = next(held for held in store.lists if held.keys)
    production = replace(keys, source=replace(keys.source, qa=False))
    for pair in ([keys, production], [production, keys]):
        with pytest.raises(ConfigError):
            TrustStore(pair)
    old = replace(
        keys,
        source=replace(keys.source, fetched=datetime(2020, 1, 1, tzinfo=UTC), expires=datetime(2020, 2, 1, tzinfo=UTC)),
    )
    for pair in ([keys, old], [old, keys]):
        mixed = CheckIn(trust=TrustStore(pair), rules=RuleBook.load(), budget=60)
        assert "list.stale" in codes(ask(mixed, papers()))


# --- keys for something else ------------------------------------------------------------------------------------------


def test_a_key_of_the_yellow_card_signs_nothing_else(desk: CheckIn, make_hcert: MakeHcert) -> None:
    forged = make_hcert(vaccination("2021-08-22"), signer=gdhcn.signer("BR"))
    decision = ask(desk, [forged, papers()[1]])
    assert decision.verdict is Verdict.REFER
    assert "trust.key-usage" in codes(decision)


def test_a_listed_seal_signer_that_its_authority_revoked(store: TrustStore) -> None:
    made = document_of(
        persona("anna"), "vaccination", day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="vds-nc",
        defects=("revoked",),
    )  # fmt: skip
    certificate = json.loads(made.text)["sig"]["cer"]
    der = base64.urlsafe_b64decode(certificate + "=" * (-len(certificate) % 4))
    source = ListSource("signers", fetched=FLIGHT.clock, qa=True)
    signers = csca.read_barcode_signers(der, source)
    alone, beside = TrustStore([signers]), TrustStore([signers, *store.lists])
    bare = json.loads(made.text)
    del bare["sig"]["cer"]
    for text in (made.text, json.dumps(bare)):
        (known,) = read_scans([Scan.text(text)], trust=beside, at=FLIGHT.clock)
        assert known.evidence is Evidence.NONE
        (unknown,) = read_scans([Scan.text(text)], trust=alone, at=FLIGHT.clock)
        assert unknown.evidence is Evidence.USABLE


# --- what held, and must go on holding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fake",
    [
        {"type": "vaccination", "doses": [{"vaccine": "comirnaty", "date": "2021-06-01", "dose": 2, "total": 2}]},
        {"type": "vaccination", "signature_verified": True, "name_matches": True},
        {"type": "recovery", "clearance_letter": True},
        {"type": "eu-dcc"},
        {"type": ["vaccination"]},
        {"type": None},
        {},
    ],
)
def test_a_statement_of_the_agent_is_no_signed_evidence(desk: CheckIn, fake: dict[str, Any]) -> None:
    shown = ["attestation", "contact_info", fake]
    assert ask(desk, papers()[1:], shown=shown).verdict is not Verdict.CLEARED


@pytest.mark.parametrize("carry", [lambda text: text, numbered_file])
def test_a_revoked_card_is_revoked_in_every_carrier(desk: CheckIn, carry: Callable[[str], str]) -> None:
    made = document_of(
        persona("anna"), "vaccination", day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="shc",
        defects=("revoked",),
    )  # fmt: skip
    decision = ask(desk, [carry(made.text), papers()[1]])
    assert decision.verdict is Verdict.DENIED
    assert decision.documents[0].evidence == "none"


def test_two_persons_in_one_picture(desk: CheckIn) -> None:
    pictures = [passenger.documents()[0].images()[0] for passenger in (ANNA, ASA)]
    held = BytesIO()
    side_by_side(pictures).save(held, "PNG")
    scans = [Scan.image(held.getvalue()), Scan.text(papers()[1])]
    asked = question_from_json(
        {"traveller": ANNA.traveller, "journey": ANNA.journey, "shown": list(ANNA.shown), "at": FLIGHT.clock}
    )
    decision = desk.check(**{**asked, "scans": scans})
    assert decision.verdict is Verdict.REFER
    assert "decision.two-persons" in codes(decision)


def test_a_key_counts_in_its_own_ring_alone(store: TrustStore) -> None:
    keys = next(held for held in store.lists if held.ring == "hcert" and held.keys)
    moved = tuple(replace(key, signer=replace(key.signer, ring="shc")) for key in keys.keys)
    (document,) = read_scans(
        [Scan.text(papers()[0])], trust=TrustStore([replace(keys, ring="shc", keys=moved)]), at=FLIGHT.clock
    )
    assert document.signature.value == "unknown-signer"


def test_chunks_of_two_cards_make_no_card(store: TrustStore) -> None:
    def half(passenger: Passenger, number: int) -> Scan:
        made = document_of(
            passenger.persona, "vaccination", day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="shc"
        ).text
        digits = made.removeprefix("shc:/")
        middle = len(digits) // 4 * 2
        return Scan.text(f"shc:/{number}/2/{digits[:middle] if number == 1 else digits[middle:]}")

    whole = read_scans([half(ANNA, 2), half(ANNA, 1)], trust=store, at=FLIGHT.clock)
    assert [document.evidence for document in whole] == [Evidence.USABLE]
    mixed = read_scans([half(ANNA, 1), half(ASA, 2)], trust=store, at=FLIGHT.clock)
    assert all(document.evidence is not Evidence.USABLE for document in mixed)


def test_a_seal_with_a_certificate_of_its_own(store: TrustStore) -> None:
    """Every name, number and extension of the real signer, under a key that the forger made."""
    made = document_of(
        persona("anna"), "vaccination", day=FLIGHT.day, zone=FLIGHT.zone, examined=FLIGHT.clock, as_format="vds-nc"
    ).text
    seal = json.loads(made)
    real = x509.load_der_x509_certificate(base64.urlsafe_b64decode(seal["sig"]["cer"] + "=="))
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(real.subject)
        .issuer_name(real.issuer)
        .public_key(key.public_key())
        .serial_number(real.serial_number)
        .not_valid_before(real.not_valid_before_utc)
        .not_valid_after(real.not_valid_after_utc)
    )
    for extension in real.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    r, s = decode_dss_signature(key.sign(rfc8785.dumps(seal["data"]), ec.ECDSA(hashes.SHA256())))
    own = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    seal["sig"] = {
        "alg": "ES256",
        "sigvl": base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode(),
        "cer": base64.urlsafe_b64encode(own).decode(),
    }
    (document,) = read_scans([Scan.text(json.dumps(seal))], trust=store, at=FLIGHT.clock)
    assert (document.signature.value, document.evidence) == ("invalid", Evidence.OPEN)
    assert any(finding.alert for finding in document.findings)
