"""`cleargate match`: are two names, as two sources write them, one person?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from verifier.cli.filters import run_filter
from verifier.identity.codes import Label
from verifier.identity.match import MatchResult, match_names
from verifier.identity.sides import read_side
from verifier.wording import LANGUAGES

EXITS = {Label.MATCH: 0, Label.REFER: 10, Label.MISMATCH: 20}


def result_json(result: MatchResult, language: str) -> dict[str, Any]:
    """The answer as JSON: `result` (also as `label`), reason codes, one sentence, findings."""
    return {
        "result": result.label.value,
        "label": result.label.value,
        "reasons": [code.value for code in result.codes],
        "sentence": result.sentence(language),
        "findings": [finding.as_json() for finding in result.findings()],
    }


def side_of_text(text: str, born: str | None) -> dict[str, str | None]:
    """A name typed on the command line: `SURNAME<<GIVEN`, `SURNAME/GIVEN`, `Surname, Given` or undivided."""
    if "<" in text:
        return {"source": "mrz", "name_field": text, "dob": born}
    if "/" in text:
        return {"source": "bcbp", "name_field": text, "dob": born}
    if "," in text:
        surname, _, given = text.partition(",")
        return {"source": "pnr", "surname": surname, "given": given, "dob": born}
    return {"source": "text", "name": text, "dob": born}


@click.command()
@click.option(
    "--jsonl", metavar="FILE|-", help="JSON lines with id, a and b (each with its source); answers one line each."
)
@click.option("--a", "first", help="A name: SURNAME<<GIVEN, SURNAME/GIVEN, 'Surname, Given' or undivided.")
@click.option("--b", "second", help="The name to compare it with.")
@click.option("--born-a", help="Date of birth of the first: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--born-b", help="Date of birth of the second.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the sentence.")
def match(
    jsonl: str | None, first: str | None, second: str | None, born_a: str | None, born_b: str | None, lang: str
) -> None:
    """Match two names with their dates of birth: match, refer or mismatch, with reasons.

    Exit status with --a and --b: 0 match, 10 refer, 20 mismatch, 2 usage.
    """
    if jsonl is not None:

        def handle(question: Mapping[str, Any]) -> Mapping[str, Any]:
            return result_json(match_names(read_side(question.get("a")), read_side(question.get("b"))), lang)

        run_filter(jsonl, handle)
        return
    if first is None or second is None:
        raise click.UsageError("Give --jsonl FILE, or --a and --b.")
    result = match_names(read_side(side_of_text(first, born_a)), read_side(side_of_text(second, born_b)))
    click.echo(f"{result.label.value}: {result.sentence(lang)}")
    raise SystemExit(EXITS[result.label])
