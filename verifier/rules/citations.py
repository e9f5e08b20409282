"""What policies cite: every id exists, and no policy cites itself by a detour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from verifier.rules.codes import RulesCode
from verifier.rules.loading import Pack, fail
from verifier.rules.policy import CompiledPolicy

Written = Mapping[str, tuple[Path, tuple[str | int, ...]]]


def check_citations(packs: Sequence[Pack], table: Mapping[str, CompiledPolicy]) -> None:
    """Check all packs together.

    Raises:
        ConfigError: PACK_DANGLING or PACK_CIRCLE, with file and line of the policy that cites.
    """
    cites: dict[str, frozenset[str]] = {}
    where: dict[str, tuple[Path, tuple[str | int, ...]]] = {}
    for pack in packs:
        cites.update(pack.cited)
        where.update(pack.written)
    parents = {ident: parent for pack in packs for ident, parent in pack.parents.items()}
    for ident, cited in cites.items():
        for other in sorted(cited | {parents.get(ident, ident)}):
            if other not in table:
                path, place = where[ident]
                raise fail(RulesCode.PACK_DANGLING, path, place, kind="policy", id=other, policy=ident)
    done: set[str] = set()
    for ident in cites:
        _walk(ident, cites, where, done)


def _walk(
    start: str,
    cites: Mapping[str, frozenset[str]],
    where: Written,
    done: set[str],
) -> None:
    """Follow citations from one policy without recursion; a way back to a policy that is being followed is a circle."""
    stack = [(start, iter(sorted(cites.get(start, ()))))]
    open_now = {start}
    while stack:
        ident, rest = stack[-1]
        other = next((item for item in rest if item not in done), None)
        if other is None:
            done.add(ident)
            open_now.discard(ident)
            stack.pop()
        elif other in open_now:
            path, place = where[ident]
            raise fail(RulesCode.PACK_CIRCLE, path, place, kind="policy", id=other, policy=ident)
        else:
            open_now.add(other)
            stack.append((other, iter(sorted(cites.get(other, ())))))
