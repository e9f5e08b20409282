"""`cleargate judge` and `cleargate rules`: ask the entry rules, list what was in force, check a pack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from verifier.cli.books import eu_rules_options, open_rules
from verifier.cli.filters import error_json, parse_line, run_filter
from verifier.errors import CleargateError
from verifier.findings import Outcome
from verifier.rules.answer import RulesAnswer
from verifier.rules.case import Case
from verifier.rules.checks import check_pack, in_force_on, listed, shipped
from verifier.rules.rulebook import PACKS
from verifier.rules.schema import pack_schema
from verifier.wording import LANGUAGES, explain

DAY = click.DateTime(["%Y-%m-%d"])
FAILED = 2


def brief(answer: RulesAnswer) -> dict[str, Any]:
    """An answer as the filter gives it: `{verdict, policies: [{id, version, outcome}], findings}`."""
    policies = [
        {
            "id": policy.id,
            "version": policy.version.id if policy.version else policy.id,
            "outcome": policy.outcome.value,
        }
        for policy in answer.policies
    ]
    return {
        "verdict": answer.verdict,
        "policies": policies,
        "findings": [finding.as_json() for finding in answer.all_findings()],
        "duties": list(answer.duties),
    }


PACKS_OPTION = click.option(
    "--packs", type=click.Path(file_okay=False), help="Folder of packs instead of the shipped ones."
)


@click.command()
@click.option("--jsonl", "path", required=True, help="JSON lines in the scenario form, or - for standard input.")
@PACKS_OPTION
@eu_rules_options
def judge(path: str, packs: str | None, eu_rules: tuple[Path, ...], value_sets: tuple[Path, ...]) -> None:
    """Judge cases: one JSON object a line in, `{id, verdict, policies, findings}` a line out."""
    book = open_rules(packs, eu_rules, value_sets)

    def handle(question: Mapping[str, Any]) -> Mapping[str, Any]:
        return brief(book.judge(Case.from_json(question)))

    run_filter(path, handle)


@click.group()
def rules() -> None:
    """Ask, list and check the entry rules."""


@rules.command()
@click.argument("file", type=click.File("rb"))
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language of the sentences.")
@PACKS_OPTION
@eu_rules_options
def ask(file: Any, lang: str, packs: str | None, eu_rules: tuple[Path, ...], value_sets: tuple[Path, ...]) -> None:
    """Everything the rules say about one case: reasons, duties, what else would do, and the earliest moment."""
    book = open_rules(packs, eu_rules, value_sets)
    try:
        case = Case.from_json(parse_line(file.read()))
    except CleargateError as error:
        click.echo(json.dumps({"error": error_json(error)}, ensure_ascii=False))
        raise SystemExit(FAILED) from None
    answer = book.judge(case)
    earliest = book.earliest(case)
    out = answer.as_json()
    out["sentences"] = [explain(finding, lang) for finding in answer.all_findings()]
    out["alternatives"] = {
        policy.id: [note.as_json() for note in book.alternatives(case, policy)]
        for policy in answer.policies
        if policy.outcome is not Outcome.MET
    }
    out["earliest"] = (
        None
        if earliest is None
        else {"at": earliest.at.isoformat(), "needs": [note.as_json() for note in earliest.needs]}
    )
    click.echo(json.dumps(out, ensure_ascii=False, indent=2, default=str))


@rules.command(name="list")
@click.option("--known", type=DAY, required=True, help="Day of knowledge.")
@click.option("--travel", type=DAY, required=True, help="Day of travel.")
@PACKS_OPTION
def list_(known: datetime, travel: datetime, packs: str | None) -> None:
    """Every policy that applies, or might apply, on a day, as known on another: JSON lines."""
    for policy, valid in in_force_on(open_rules(packs), known.date(), travel.date()):
        click.echo(json.dumps(listed(policy, valid), ensure_ascii=False))


@rules.command()
@click.argument("packs", nargs=-1, metavar="[PACK]...")
def check(packs: tuple[str, ...]) -> None:
    """Check pack folders (or names of shipped ones; all of those without an argument): schema, ids, sources, gaps,
    overlaps and their own cases.
    """
    failed = False
    for pack in packs or shipped():
        folder = Path(pack) if Path(pack).is_dir() or not (PACKS / pack).is_dir() else PACKS / pack
        for finding in check_pack(folder):
            click.echo(json.dumps({**finding.as_json(), "message": explain(finding)}, ensure_ascii=False, default=str))
            failed |= finding.outcome is Outcome.UNMET
    if failed:
        raise SystemExit(1)


@rules.command()
def schema() -> None:
    """The JSON Schema of a pack file, for editors."""
    click.echo(json.dumps(pack_schema(), indent=1, ensure_ascii=False, sort_keys=True))
