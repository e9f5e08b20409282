"""The rule book of a command: packs, and rules of EU countries where the command line names them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verifier.cli.filters import error_json
from verifier.errors import CleargateError

if TYPE_CHECKING:
    from verifier.rules.rulebook import RuleBook


def open_rules(packs: str | None = None, eu_rules: Sequence[Path] = (), value_sets: Sequence[Path] = ()) -> RuleBook:
    """The rule book of a command line. What is wrong with single rules of the import is told on standard error.

    Raises:
        ClickException: a pack or a named file cannot be used.
    """
    from verifier.rules.certlogic_hook import load_hooks
    from verifier.rules.rulebook import RuleBook
    from verifier.wording import explain

    try:
        hooks = load_hooks(eu_rules, value_sets)
        for hook in hooks.values():
            for finding in hook.rules.findings:
                where = finding.facts.get("rule") or finding.facts.get("entry", finding.facts.get("file", ""))
                click.echo(f"{where}: {explain(finding)}", err=True)
        return RuleBook.load(packs, hooks=hooks)
    except CleargateError as error:
        raise click.ClickException(json.dumps(error_json(error), ensure_ascii=False)) from None


def eu_rules_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--eu-rules` and `--value-sets`, for every command that judges."""
    sets = click.option(
        "--value-sets", type=click.Path(path_type=Path), multiple=True, help="Code lists of --eu-rules: file or folder."
    )
    rules = click.option(
        "--eu-rules",
        type=click.Path(path_type=Path),
        multiple=True,
        help="Entry rules of EU countries (CertLogic), file or folder; they replace the EU recommendation.",
    )
    return rules(sets(command))
