"""`python -m bench [MODULE...]`: run the measurements, print one table, and with `--write` put it into README.md.

`--check` ends with status 1 where a target is missed. A module that fails is named in the table and fails the run.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import bench
from bench.baseline import p256_verify_seconds

README = Path(__file__).with_name("README.md")
MARKS = ("<!-- table: written by python -m bench --write -->", "<!-- end of table -->")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `most` is the target; a `value` of None with a `note` means the measurement failed."""

    module: str
    name: str
    value: float | None
    most: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.value is None or (self.most is not None and self.value > self.most)

    def cells(self) -> tuple[str, str, str, str, str]:
        shown = self.note if self.value is None else f"{self.value:.3g}" if self.value < 1000 else f"{self.value:.0f}"
        verdict = "failed" if self.value is None else "" if self.most is None else "missed" if self.missed else "holds"
        return self.module, self.name, shown, "" if self.most is None else f"at most {self.most:g}", verdict


def run(name: str) -> list[Row]:
    """The rows of one module; none where it measures nothing."""
    try:
        module = importlib.import_module(f"bench.{name}")
        if not hasattr(module, "measure"):
            return []
        targets: dict[str, float] = dict(getattr(module, "TARGETS", {}))
        values: dict[str, float] = module.measure()
    except Exception as error:  # noqa: BLE001 - one broken measurement must not hide the others
        return [Row(name, "(not measured)", None, note=f"{type(error).__name__}: {error}"[:120])]
    rows = [Row(name, row, value, targets.pop(row, None)) for row, value in values.items()]
    return rows + [Row(name, row, None, most, "no such row") for row, most in targets.items()]


def machine() -> str:
    """Processor, cores, system and interpreter."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        lines = (line.partition(":") for line in info.read_text().splitlines())
        model = next((value.strip() for key, _, value in lines if key.strip() == "model name"), model)
    return (
        f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    head = ("module", "measure", "value", "target", "")
    lines = [head, ("---",) * 5, *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def write(text: str) -> None:
    """Put text between the marks of README.md."""
    before, _, rest = README.read_text("utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    README.write_text(f"{before}{MARKS[0]}\n\n{text}\n\n{MARKS[1]}{after}", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules of bench/ (default: all)")
    parser.add_argument("--write", action="store_true", help="put the table into bench/README.md")
    parser.add_argument("--check", action="store_true", help="end with status 1 where a target is missed")
    chosen = parser.parse_args()
    names = [found.name for found in pkgutil.iter_modules(bench.__path__) if not found.name.startswith("_")]
    rows = [Row("baseline", "bare P-256 verification (us)", p256_verify_seconds() * 1e6)]
    for name in chosen.modules or names:
        rows += run(name)
    text = f"Measured {datetime.now(UTC):%Y-%m-%d} on {machine()}.\n\n{table(rows)}"
    print(text)
    if chosen.write:
        write(text)
    failed = any(row.value is None for row in rows)
    return 1 if failed or (chosen.check and any(row.missed for row in rows)) else 0


if __name__ == "__main__":
    sys.exit(main())
