"""Speed against the limits: `make bench` runs every module here that has `measure()` and prints one table.

A module gives `measure() -> dict[str, float]` (row name -> value; ratios have no unit in the name) and, where there is
a limit, `TARGETS: dict[str, float]` (row name -> most that is allowed).
"""
