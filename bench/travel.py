"""How long a machine-readable zone and a boarding pass take, in bare P-256 verifications of the same run.

Run: python bench/travel.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from verifier.travel.boarding_pass import parse_boarding_pass
from verifier.travel.mrz import parse_mrz

LIMITS = {"mrz": 0.4, "boarding-pass": 0.75}
REFERENCE = date(2021, 12, 1)
ZONE = "P<DEUSPECIMEN<<ALEX<ROBIN<<<<<<<<<<<<<<<<<<<\rC01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4\r"
PASS = (
    "M1SPECIMEN/ALEX MR    EABC123 ZRHJFKLX 0014 340Y012C0042 14E>6181WW1335BLX              "
    "2A724123456789001LX LX 9921234567890   N1PCNC19:OK^108ABCDEFGH"
)
ROUNDS, BATCH = 300, 20


def measure() -> dict[str, float]:
    """Ratio of each job to one verification: medians of interleaved batches, so that a busy machine hits all alike."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    message = bytes(300)
    algorithm = ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(message, algorithm), key.public_key()
    jobs: dict[str, Callable[[], object]] = {
        "verify": lambda: public.verify(signature, message, algorithm),
        "mrz": lambda: parse_mrz(ZONE, reference=REFERENCE),
        "boarding-pass": lambda: parse_boarding_pass(PASS, reference=REFERENCE),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            start = time.perf_counter()
            for _ in range(BATCH):
                job()
            times[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {name: medians[name] / medians["verify"] for name in LIMITS}


def main() -> None:
    print(f"{'job':<16}{'ratio':>8}{'limit':>8}")
    for name, ratio in measure().items():
        print(f"{name:<16}{ratio:>8.2f}{LIMITS[name]:>8.2f}{'' if ratio <= LIMITS[name] else '  TOO SLOW'}")


if __name__ == "__main__":
    main()
