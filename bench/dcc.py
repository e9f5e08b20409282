"""EU DCC: text to HealthRecord with every check, against a bare P-256 verification; loading of signer lists.

The certificate and its signer come from the QA document factory, so the measurement needs nothing beside the project.
"""

from __future__ import annotations

import time
import tracemalloc
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.baseline import fastest_seconds
from verifier.formats import hcert
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust.keys import ListSource
from verifier.trust.lists import dsc
from verifier.trust.store import TrustStore

TARGETS = {"text to record / P-256": 2.0}


def _sample() -> tuple[str, bytes, datetime]:
    """A signed vaccination certificate, its signer's DER, and a moment at which both hold."""
    from fixtures.flights import flight  # the factory is the independent writer

    sample = flight("us-air-2021-12-20")
    document = sample.passenger("anna").documents()[0]
    certified = document.draft.signer.certified
    assert certified is not None
    return document.text, certified.der, sample.clock


def measure(text: str | None = None, der: bytes | None = None, at: datetime | None = None) -> dict[str, float]:
    """Ratios to one bare P-256 verification through the same library in the same run; microseconds per listed key."""
    if text is None or der is None or at is None:
        text, der, at = _sample()
    store = TrustStore([dsc.from_certificates([(0, der, None, None)], ListSource("bench", fetched=at))])
    (envelope,) = hcert.unwrap([text.encode()])
    key = store.lists[0].keys[0].public_key
    assert isinstance(key, ec.EllipticCurvePublicKey)
    half = len(envelope.signature) // 2
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    r, s = (int.from_bytes(part, "big") for part in (envelope.signature[:half], envelope.signature[half:]))
    signature, scheme = encode_dss_signature(r, s), ec.ECDSA(hashes.SHA256())
    scans = [Scan.text(text)]
    (document,) = read_scans(scans, trust=store, at=at)
    assert document.evidence.value == "usable", document.findings
    bare, whole = fastest_seconds(
        lambda: key.verify(signature, envelope.signed, scheme), lambda: read_scans(scans, trust=store, at=at)
    )
    return {"text to record / P-256": whole / bare, "bare P-256 verification (us)": bare * 1e6, **_loading()}


def _certificates(count: int) -> list[bytes]:
    """Self-signed signer certificates of one key; only subject and serial differ."""
    key = ec.generate_private_key(ec.SECP256R1())
    start = datetime(2021, 6, 1, tzinfo=UTC)
    out = []
    for serial in range(1, count + 1):
        parts = {NameOID.COUNTRY_NAME: "UT", NameOID.COMMON_NAME: f"{serial}"}
        name = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts.items()])
        builder = x509.CertificateBuilder(name, name, key.public_key(), serial, start, start + timedelta(days=730))
        out.append(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER))
    return out


def _loading() -> dict[str, float]:
    certificates = _certificates(1600)
    out = {}
    for count in (400, 1600):
        entries = [(index, der, None, None) for index, der in enumerate(certificates[:count])]
        start = time.perf_counter()
        TrustStore([dsc.from_certificates(entries, ListSource("bench"))])
        out[f"load per key, {count} keys (us)"] = (time.perf_counter() - start) / count * 1e6
    tracemalloc.start()
    kept = TrustStore([dsc.from_certificates(entries, ListSource("bench"))])
    out["memory per key (KiB)"] = tracemalloc.get_traced_memory()[0] / len(kept) / 1024
    tracemalloc.stop()
    return out
