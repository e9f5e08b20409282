"""Elliptic curves written out in full (ICAO Doc 9303 part 12 asks for that) recognised as the named curves they are.

A certificate that states its own parameters could choose a generator that makes signatures forgeable (CVE-2020-0601),
so every stated parameter must be the named curve's own; the key is then built on the named curve.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

# field primes: FIPS 186-4 appendix D.1.2; RFC 5639 section 3
_BRAINPOOL_256 = 0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377
_BRAINPOOL_384 = int(
    "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53", 16
)
_BRAINPOOL_512 = int(
    "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330871"
    "7D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3",
    16,
)
PRIMES: dict[int, type[ec.EllipticCurve]] = {
    2**256 - 2**224 + 2**192 + 2**96 - 1: ec.SECP256R1,
    2**384 - 2**128 - 2**96 + 2**32 - 1: ec.SECP384R1,
    2**521 - 1: ec.SECP521R1,
    _BRAINPOOL_256: ec.BrainpoolP256R1,
    _BRAINPOOL_384: ec.BrainpoolP384R1,
    _BRAINPOOL_512: ec.BrainpoolP512R1,
}


@lru_cache(maxsize=len(PRIMES))
def _points(curve: type[ec.EllipticCurve]) -> tuple[tuple[int, int], tuple[int, int]]:
    """The generator and its double; two points fix the coefficients of the curve."""
    numbers = [ec.derive_private_key(factor, curve()).public_key().public_numbers() for factor in (1, 2)]
    return (numbers[0].x, numbers[0].y), (numbers[1].x, numbers[1].y)


def named_curve_key(parameters: Any, point: bytes) -> ec.EllipticCurvePublicKey:
    """The key at `point` (SEC 1, section 2.3.4) on the named curve that the stated parameters describe.

    Args:
        parameters: asn1crypto SpecifiedECDomain.

    Raises:
        ValueError: not exactly one of the curves in `PRIMES`, or the point is not on it.
    """
    prime = parameters["field_id"]["parameters"].native
    curve = PRIMES.get(prime)
    if curve is None:
        raise ValueError("curve")
    a = int.from_bytes(parameters["curve"]["a"].native, "big")
    b = int.from_bytes(parameters["curve"]["b"].native, "big")
    generator, double = _points(curve)
    for x, y in (generator, double):
        if (y * y - (x * x * x + a * x + b)) % prime:
            raise ValueError("coefficients")
    base = ec.EllipticCurvePublicKey.from_encoded_point(curve(), parameters["base"].native).public_numbers()
    if (base.x, base.y) != generator:
        raise ValueError("generator")
    return ec.EllipticCurvePublicKey.from_encoded_point(curve(), point)
