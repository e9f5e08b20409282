"""What other measurements are compared with, and how to time two things against each other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec


def median_seconds(*calls: Callable[[], object], rounds: int = 40, repeat: int = 1) -> tuple[float, ...]:
    """Median time of each call, the calls taking turns, so that a machine that drifts harms all alike."""
    return tuple(statistics.median(taken) for taken in _turns(calls, rounds, repeat))


def fastest_seconds(*calls: Callable[[], object], rounds: int = 300, repeat: int = 10) -> tuple[float, ...]:
    """Time of each call in its fastest round: what other programs took from the processor is not ours to measure.

    A round is `repeat` calls of one kind in a row, taken as a whole; the kinds take turns. Rounds are short, so that
    some of them run undisturbed on a busy machine.
    """
    return tuple(min(taken) for taken in _turns(calls, rounds, repeat))


def _turns(calls: Sequence[Callable[[], object]], rounds: int, repeat: int) -> tuple[list[float], ...]:
    times: tuple[list[float], ...] = tuple([] for _ in calls)
    for call in calls:
        call()
    for _ in range(rounds):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            for _ in range(repeat):
                call()
            taken.append((time.perf_counter() - start) / repeat)
    return times


def p256_verification() -> Callable[[], None]:
    """A bare verification of one ES256 signature over 300 bytes by the crypto library: the unit of the other tables."""
    key = ec.derive_private_key(0xC1EA26A7E, ec.SECP256R1())
    message, scheme = b"x" * 300, ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(message, scheme), key.public_key()
    return lambda: public.verify(signature, message, scheme)


@lru_cache(maxsize=1)
def p256_verify_seconds() -> float:
    """Median seconds of `p256_verification` on this machine; measured once per run."""
    (seconds,) = median_seconds(p256_verification(), rounds=60, repeat=40)
    return seconds
