"""The document factory against segno alone: a thousand documents with pictures, and two processes against one."""

from __future__ import annotations

import io
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta

import segno

from fixtures.documents import document_of
from fixtures.personas import personas

COUNT = 1000
SEGNO = "1,000 signed documents with PNG / segno alone writing 1,000 such PNG"
PROCESSES = "two processes / one process"
TARGETS = {SEGNO: 1.5, PROCESSES: 1 / 1.7}
FIRST = date(2021, 9, 1)
NAMES = [name for name, each in personas().items() if each.doses and each.format == "eu-dcc"]
MODULE = 4  # pixels, in both


def make(numbers: range) -> list[tuple[str, bytes]]:
    """Signed certificates with their PNG, each of another person on another day: text and picture."""
    out = []
    for number in numbers:
        who, day = personas()[NAMES[number % len(NAMES)]], FIRST + timedelta(days=number // len(NAMES))
        made = document_of(who, "vaccination", day=day, zone=UTC, examined=datetime(2021, 12, 20, tzinfo=UTC))
        out.append((made.text, made.png))
    return out


def _segno(texts: list[str]) -> float:
    """Seconds that segno needs to write the same codes as PNG."""
    begun = time.perf_counter()
    for text in texts:
        segno.make(text, micro=False, error="q").save(io.BytesIO(), kind="png", scale=MODULE, border=4)
    return time.perf_counter() - begun


def _timed(count: int) -> tuple[float, list[tuple[str, bytes]]]:
    begun = time.perf_counter()
    made = make(range(count))
    return time.perf_counter() - begun, made


def _two_processes(count: int) -> float:
    """Seconds of two running processes over those of one; the best of three turns of each.

    Whatever else the machine does makes a turn longer and never shorter, so the best turn says most about ours.
    """
    parts = [range(start, min(start + 20, count)) for start in range(0, count, 20)]
    alone, together = [], []
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(make, [range(20), range(20)]))
        for _ in range(3):
            alone.append(_timed(count)[0])
            begun = time.perf_counter()
            list(pool.map(make, parts))
            together.append(time.perf_counter() - begun)
    return min(together) / min(alone)


def measure(count: int = COUNT) -> dict[str, float]:
    """Ratios within this run, and documents per second."""
    make(range(4))  # keys are derived once
    ours, made = _timed(count)
    sample = [text for text, _ in made[:: max(1, count // 100)]]
    segno_alone = _segno(sample) * count / len(sample)
    return {
        SEGNO: ours / segno_alone,
        PROCESSES: _two_processes(count // 2),
        "signed documents with PNG per second": count / ours,
    }
