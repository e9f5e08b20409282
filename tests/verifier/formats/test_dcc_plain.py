"""The short way for plain certificates says what the long one says."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.codecs.cbor import TaggedText
from verifier.errors import RecordError
from verifier.formats import dcc_schema, eu_dcc
from verifier.model import SignedDates, SignedPayload, Signer

COMMON = {"tg": "840539006", "co": "AT", "is": "Ministry", "ci": "URN:UVCI:01:AT:1#A"}
ENTRIES: dict[str, dict[str, Any]] = {
    "v": COMMON
    | {"vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2, "dt": "2021-06-01"},
    "t": COMMON
    | {"tt": "LP6464-4", "nm": "A test", "ma": "1232", "sc": "2021-06-01T10:00:00Z", "tr": "260415000", "tc": "Here"},
    "r": COMMON | {"fr": "2021-06-01", "df": "2021-06-12", "du": "2021-11-28"},
}
NAME = {"fn": "Muster", "gn": "Ann", "fnt": "MUSTER", "gnt": "ANN"}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 12),
    st.floats(allow_nan=False),
    st.sampled_from(
        ["", " ", " x", "x ", "é", "e\u0301", "x" * 50, "x" * 51, "x" * 80, "x" * 81, "at", "A<\n", "\x1fA"]
    ),
    st.sampled_from([TaggedText("2021-06-01"), TaggedText("AT"), ["AT"], {"a": 1}, b"AT"]),
    st.text(max_size=4),
)


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    group = draw(st.sampled_from(sorted(ENTRIES)))
    version = draw(st.sampled_from(sorted(dcc_schema.EDITIONS)))
    payload: dict[str, Any] = {
        "ver": version,
        "nam": dict(NAME),
        "dob": "1990-01-01",
        group: [copy.deepcopy(ENTRIES[group])],
    }
    for part in (payload["nam"], payload[group][0]):
        for key in draw(st.lists(st.sampled_from([*sorted(part), "dr"]), max_size=2)):
            if draw(st.booleans()):
                part.pop(key, None)
            else:
                part[key] = draw(ODD)
    return payload


def read(payload: dict[str, Any]) -> object:
    signed = SignedPayload("eu-dcc", {"iss": "AT", "dcc": payload}, Signer("hcert", "", country="AT"), SignedDates())
    try:
        record = eu_dcc.read(signed)
    except RecordError as error:
        return error.code
    return record, sorted(map(repr, record.findings))


@settings(max_examples=300, deadline=None)
@given(payloads())
def test_both_ways_agree(payload: dict[str, Any]) -> None:
    short = eu_dcc.check(payload), read(payload)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dcc_schema, "_plain_entry", lambda *_: False)
        patch.setattr(dcc_schema, "_plain_name", lambda *_: False)
        patch.setattr(eu_dcc._Reader, "texts", lambda self, entry, fields: [self.text(entry, k) for k in fields.keys])
        assert short == (eu_dcc.check(payload), read(payload))


@pytest.mark.parametrize("group", ENTRIES)
@pytest.mark.parametrize("version", dcc_schema.EDITIONS)
def test_a_plain_certificate_takes_the_short_way(group: str, version: str) -> None:
    edition = dcc_schema.EDITIONS[version]
    assert dcc_schema._plain_entry(ENTRIES[group], group, edition)
    assert dcc_schema._plain_name(NAME, edition)
