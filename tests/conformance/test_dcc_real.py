"""Certificates as countries issued them: picture, text, signature at iat, expiry after exp, signed German list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from corpora import Tally, corpus, rows, run

from verifier.errors import TrustError
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.scan import read_picture
from verifier.trust.from_case import SOURCE
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore


def test_dcc_real() -> None:
    folder = corpus("dcc-real")
    trustlist = folder / "trustlist.json"
    if not trustlist.is_file():
        pytest.skip("dcc-real/trustlist.json is absent")
    store = TrustStore([dsc.read_json(trustlist.read_bytes(), SOURCE)])

    def judge(tally: Tally, case: Mapping[str, Any]) -> None:
        picture = read_picture((folder / case["image"]).read_bytes())
        text = case["text"].encode()
        tally.judge(f"{case['id']} picture", [text], [code.data for code in picture.codes])
        issued = datetime.fromtimestamp(case["iat"], UTC)
        (document,) = read_scans([Scan.text(text)], trust=store, at=issued)
        tally.judge(f"{case['id']} signature", "valid", document.signature.value)
        tally.judge(f"{case['id']} signer", case["verifies_with"], document.signer and document.signer.key_id)
        tally.judge(f"{case['id']} kid", case["kid"], document.kid)
        tally.judge(f"{case['id']} algorithm", case["alg"], document.algorithm)
        record = document.record
        entries = case["payload_summary"]["entries"]
        if len(entries) == 1 and record is not None:
            got = len(record.vaccinations) + len(record.tests) + len(record.recoveries)
            tally.judge(f"{case['id']} entries", 1, got)
        elif len(entries) == 1:
            tally.judge(f"{case['id']} record", "a record", None)
        late = datetime.fromtimestamp(case["exp"], UTC) + timedelta(seconds=1)
        (document,) = read_scans([Scan.text(text)], trust=store, at=late)
        tally.judge(f"{case['id']} expired", True, "dates.expired" in {f.code.value for f in document.findings})

    run("dcc-real", rows(folder / "cases.jsonl"), judge)


def test_signed_german_list() -> None:
    sample = corpus("dcc-real") / "trust-list-sample"
    if not sample.is_dir():
        pytest.skip("dcc-real/trust-list-sample is absent")
    data, key = (sample / "dsc-list.json").read_bytes(), (sample / "dsc-list-signing-key.pem").read_bytes()
    held = dsc.read_german(data, SOURCE, key_pem=key)
    print(f"\ndcc-real German list: {len(held.keys)} keys, {len(held.findings)} left out or noted")
    assert len(held.keys) >= 600
    with pytest.raises(TrustError):
        dsc.read_german(data[:-3] + b" ]}", SOURCE, key_pem=key)
