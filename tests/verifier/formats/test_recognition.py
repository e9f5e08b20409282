"""Whatever is scanned instead of a certificate is named for what it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.flights import flight
from tests.conftest import MakeHcert
from verifier.formats import FORMATS, find, load
from verifier.formats.recognition import FormatCode, clean, explain

ANNA = flight("us-air-2021-12-20").passenger("anna")


@pytest.mark.parametrize(
    ("scan", "code"),
    [
        (b"", FormatCode.EMPTY),
        (b"  \r\n", FormatCode.EMPTY),
        (b"HELLO", FormatCode.UNKNOWN),
        (b"\x00\xff" * 40, FormatCode.UNKNOWN),
        (b"HC2:NCFOXN", FormatCode.VERSION_UNKNOWN),
        (b"HL0:" + b"6BF+70790T9WJWG.FKY*4GO0" * 20, FormatCode.VERSION_UNKNOWN),
        (b"6BF+70790T9WJWG.FKY*4GO0" * 20, FormatCode.PREFIX_MISSING),
        (b"hc1:6bf", FormatCode.KEYBOARD_LAYOUT),
        ("HC1Ö6BF".encode(), FormatCode.KEYBOARD_LAYOUT),
        (b"HC1;6BF", FormatCode.KEYBOARD_LAYOUT),
        ("shcÖ-567".encode(), FormatCode.KEYBOARD_LAYOUT),
        (b"shc:-567", FormatCode.KEYBOARD_LAYOUT),
        (b"https://example.org/pass", FormatCode.URL),
        (b"https://viewer.example/#shlink:/eyJ1", FormatCode.HEALTH_LINK),
        (b"shlink:/eyJ1cmwiOiJ", FormatCode.HEALTH_LINK),
        (b"WIFI:T:WPA;S:net;;", FormatCode.WIFI),
        (b"BEGIN:VCARD\nVERSION:3.0", FormatCode.CONTACT),
        (b"NO1:NCFOXN", FormatCode.DOMESTIC),
        ((ANNA.boarding_pass or "").encode(), FormatCode.BOARDING_PASS),
        ("\n".join(ANNA.mrz).encode(), FormatCode.MRZ),
    ],
)
def test_wrong_scans_are_named(scan: bytes, code: FormatCode) -> None:
    assert find(clean(scan)) is None
    assert explain(clean(scan)).code is code


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        (b"]Q1HC1:6B\r\n", b"HC1:6B"),
        (b"]z0HC1:6B ", b"HC1:6B "),
        (b" \t\n HC1:6B\t", b"HC1:6B"),
        (b"]XYZ", b"]XYZ"),
        (b"PK\x03\x04\n\r\n", b"PK\x03\x04\n\r\n"),
    ],
)
def test_what_scanners_add_is_taken_off(scan: bytes, expected: bytes) -> None:
    assert clean(scan) == expected


def test_every_format_module_keeps_the_protocol() -> None:
    for entry in FORMATS:
        module = load(entry)
        assert module.NAME
        assert all(callable(getattr(module, name)) for name in ("recognise", "unwrap", "read"))
        assert not module.recognise(b"")


def test_a_broken_certificate_still_names_its_format(make_hcert: MakeHcert) -> None:
    for scan, name in (
        (b"HC1:@@", "hcert"),
        (b"shc:/1", "shc"),
        (b"NZCP:/1/x", "nzcp"),
        (b"CRED:x", "cred"),
        (b"NL2:", "nl2"),
    ):
        entry = find(scan)
        assert entry is not None
        assert entry.name == name


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_any_bytes_are_named_or_unknown(scan: bytes) -> None:
    if find(clean(scan)) is None:
        assert isinstance(explain(clean(scan)).code, FormatCode)
