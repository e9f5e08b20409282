"""Where the corpora are, and one way to run them: count cases, agreements, and print each disagreement.

The folder comes from the environment variable CLEARGATE_CORPORA, else `../shared/corpora` beside the project.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
VARIABLE = "CLEARGATE_CORPORA"
NAMES = (
    "2ddoc", "bcbp", "business-rules", "certlogic", "cred", "dcc", "dcc-real", "divoc", "hc1-who",
    "mrz", "names", "nl2", "nzcp", "scenarios", "shc", "valuesets", "vdsnc", "who",
)  # fmt: skip


def root() -> Path:
    return Path(os.environ.get(VARIABLE) or PROJECT.parent / "shared" / "corpora")


def corpus(name: str) -> Path:
    """The folder of one corpus; skips the test with a reason where it is absent."""
    folder = root() / name
    if not folder.is_dir():
        pytest.skip(f"corpus {name} is not under {VARIABLE}={root()}")
    return folder


def rows(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file; skips where the file is absent."""
    if not path.is_file():
        pytest.skip(f"{path.parent.name}/{path.name} is absent")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


@dataclass
class Tally:
    """Cases, agreements, disagreements and what was counted apart, of one corpus."""

    corpus: str
    agreed: int = 0
    apart: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    def judge(self, ident: str, expected: object, got: object, *, accept: Iterable[object] = ()) -> None:
        """Count one case: agreed when `got` equals `expected` or is among `accept`."""
        if got == expected or got in tuple(accept):
            self.agreed += 1
        else:
            self.disagreements.append(f"{ident}: expected {expected!r}, got {got!r}")

    def skip(self, reason: str) -> None:
        self.apart[reason] += 1

    def close(self) -> None:
        """Print the count and fail on any disagreement, or when nothing was judged."""
        total = self.agreed + len(self.disagreements)
        print(f"\n{self.corpus}: {total} judged, {self.agreed} agree, {len(self.disagreements)} disagree", end="")
        print(f", apart: {dict(self.apart)}" if self.apart else "")
        for line in self.disagreements:
            print("  DISAGREES", line)
        assert not self.disagreements, f"{len(self.disagreements)} of {total} disagree, first: {self.disagreements[0]}"
        assert total or self.apart, f"{self.corpus}: no case was found"


def run(name: str, cases: Iterable[Any], judge: Callable[[Tally, Any], None]) -> None:
    """Judge every case and close the tally."""
    tally = Tally(name)
    for case in cases:
        judge(tally, case)
    tally.close()
