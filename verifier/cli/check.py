"""`cleargate check`: one passenger, one flight, what they show - cleared, refer or denied, with reasons."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from verifier.cli.books import eu_rules_options, open_rules
from verifier.cli.filters import InputCode, error_json, strict_json
from verifier.cli.read import open_trust, scan_from_argument
from verifier.errors import CleargateError, InputError

if TYPE_CHECKING:
    from verifier.decision import Decision

BUDGET = 30.0  # seconds: nobody queues behind a command, and pictures may take some
EXIT = {"cleared": 0, "refer": 10, "denied": 20}


def _load(path: Path) -> Any:
    try:
        return strict_json(path.read_text("utf-8"))
    except OSError as error:
        raise click.UsageError(f"cannot read {path.name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{path.name} is not JSON [{InputCode.NOT_JSON.value}]") from None
    except InputError as error:
        raise click.UsageError(f"{path.name}: {error_json(error)['message']} [{error.code.value}]") from None


def _part(whole: Mapping[str, Any], key: str, kind: type[Any]) -> Any:
    """A copy of one member, empty where it is absent; the options are laid over it before anything else looks at it."""
    value = whole.get(key)
    if value is not None and not isinstance(value, kind):
        raise click.UsageError(f"--traveller: {key} is of the wrong kind")
    return kind(value or ())


@click.command()
@click.argument("scans", nargs=-1, metavar="SCAN...")
@click.option(
    "--traveller", "traveller_file", type=click.Path(path_type=Path), help="JSON: {traveller, journey, shown?, party?}."
)
@click.option("--name", help="SURNAME/GIVEN NAMES as in the passport or booking.")
@click.option("--born", metavar="DATE", help="Date of birth: YYYY-MM-DD, YYYY-MM or YYYY.")
@click.option("--citizenship", multiple=True, metavar="CC", help="Country code; may be repeated.")
@click.option("--status", multiple=True, metavar="CC=WORD", help="Standing at a destination, such as US=lpr.")
@click.option("--residence", metavar="CC", help="Country of residence.")
@click.option("--document-number", metavar="NO", help="Passport number.")
@click.option("--from", "origin", metavar="PLACE", help="Airport or country of departure.")
@click.option("--to", "destination", metavar="PLACE", help="Airport or country of arrival.")
@click.option("--via", multiple=True, metavar="PLACE", help="Transit point; may be repeated.")
@click.option("--departs", metavar="TIME", help="Departure: a moment with offset, or a day.")
@click.option("--arrives", metavar="TIME", help="Arrival, with offset.")
@click.option("--channel", default="air", show_default=True, type=click.Choice(["air", "land", "rail", "ferry", "sea"]))
@click.option("--border", metavar="CC-CC", help="Land border, such as US-CA.")
@click.option(
    "--one-ticket/--separate-tickets",
    "one_ticket",
    default=None,
    help="How the legs are booked: on separate tickets the border is passed at each transit point.",
)
@click.option("--purpose", help="tourism, study, medical, cross-border-trade ...")
@click.option(
    "--stay", "stays", multiple=True, metavar="CC:FIRST:LAST", help="Where the person was before; may be repeated."
)
@click.option("--mrz", help="Machine-readable zone of the passport: a file, or the lines.")
@click.option("--boarding-pass", help="Text of the boarding pass, or a file or picture with it.")
@click.option(
    "--shown", multiple=True, metavar="ATTESTATION", help="What an agent saw, such as attestation or contact_info."
)
@click.option(
    "--party", "party_file", type=click.Path(path_type=Path), help="JSON list of {traveller, texts} who travel along."
)
@click.option("--trust", type=click.Path(path_type=Path, file_okay=False), help="Folder with anchors.toml.")
@eu_rules_options
@click.option("--at", metavar="TIME", help="The moment asked about (default: now).")
@click.option("--known", metavar="TIME", help="The moment whose knowledge of the rules counts (default: --at).")
@click.option("--lang", default="en", show_default=True, help="Language of the sentences: en, es, ar.")
@click.option("--earliest", is_flag=True, help="Work out the first moment at which it would be cleared.")
@click.option("--json", "as_json", is_flag=True, help="The decision as JSON (docs/decision.schema.json).")
def check(scans: tuple[str, ...], **given: Any) -> None:
    """May this person board this flight, and if not, what is missing?

    SCAN is a picture, a PDF, a certificate file, the text of a code, or - for standard input. Exit status 0 cleared, 10
    refer, 20 denied, 2 for a wrong question.
    """
    from verifier.questions import question_from_json

    try:
        question = question_from_json(_question(scans, given))
    except CleargateError as error:
        raise click.UsageError(error_json(error)["message"] + f" [{error.code.value}]") from None
    decision = _decide(question, given)
    if given["as_json"]:
        click.echo(json.dumps(decision.as_json(given["lang"], earliest=given["earliest"]), ensure_ascii=False))
    else:
        click.echo(screen(decision, given["lang"], earliest=given["earliest"]))
    sys.exit(EXIT[decision.verdict.value])


def _decide(question: Mapping[str, Any], given: Mapping[str, Any]) -> Decision:
    from verifier.checkin import CheckIn

    rules = open_rules(None, given["eu_rules"], given["value_sets"])
    return CheckIn(trust=open_trust(given["trust"]), rules=rules, budget=BUDGET).check(**question)


def _question(scans: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """The question as the one JSON form that command line, API and files share; options win over the file."""
    question: dict[str, Any] = {}
    if given["traveller_file"] is not None:
        loaded = _load(given["traveller_file"])
        if not isinstance(loaded, dict):
            raise click.UsageError("--traveller: a JSON object is needed")
        question = loaded if "traveller" in loaded else {"traveller": loaded}
    traveller: dict[str, Any] = _part(question, "traveller", dict)
    if given["name"]:
        surname, _, given_names = given["name"].partition("/")
        traveller |= {"surname": surname.strip(), "given_names": given_names.strip() or None}
    for option, key in (("born", "birth_date"), ("residence", "residence")):
        if given[option]:
            traveller[key] = given[option]
    if given["citizenship"]:
        traveller["citizenships"] = list(given["citizenship"])
    if given["document_number"]:
        traveller["document"] = {**_part(traveller, "document", dict), "number": given["document_number"]}
    for pair in given["status"]:
        place, mark, word = pair.partition("=")
        if not mark:
            raise click.UsageError("--status: write CC=WORD, such as US=lpr")
        traveller["status"] = {**_part(traveller, "status", dict), place: word}
    if given["one_ticket"] is not None:
        traveller["facts"] = {**_part(traveller, "facts", dict), "separate_tickets": not given["one_ticket"]}
    question["traveller"] = traveller
    _journey(question, given)
    question["scans"] = [scan_from_argument(scan) for scan in scans]
    for option in ("mrz", "boarding_pass"):
        if given[option]:
            question["scans"].append(scan_from_argument(given[option]))
    if given["shown"]:
        question["shown"] = [*_part(question, "shown", list), *given["shown"]]
    if given["party_file"] is not None:
        question["party"] = _load(given["party_file"])
    question["at"] = given["at"] or question.get("at") or datetime.now(UTC)
    question["known"] = given["known"] or question.get("known")
    return question


def _journey(question: dict[str, Any], given: Mapping[str, Any]) -> None:
    journey: dict[str, Any] = _part(question, "journey", dict)
    if given["origin"] or given["destination"]:
        if not (given["origin"] and given["destination"]):
            raise click.UsageError("--from and --to go together")
        points = [given["origin"], *given["via"], given["destination"]]
        legs = [{"origin": a, "destination": b, "channel": given["channel"]} for a, b in pairwise(points)]
        legs[0]["departs"] = given["departs"]
        for leg in legs[1:]:
            leg["flight_date"] = (given["departs"] or "")[:10] or None
        legs[-1]["arrives"], legs[-1]["border"] = given["arrives"], given["border"]
        journey["legs"] = legs
    if given["purpose"]:
        journey["purpose"] = given["purpose"]
    if given["stays"]:
        journey["stays"] = []
        for stay in given["stays"]:
            place, first, last = (*stay.split(":"), "", "")[:3]
            journey["stays"].append({"place": place, "first": first, "last": last})
    if journey:
        question["journey"] = journey


def screen(decision: Decision, language: str, *, earliest: bool = False) -> str:
    """The decision as one screen: verdict and reasons, documents, rules with their source, and what was not checked."""
    from verifier.wording import message, sentence

    lines = [decision.explain(language), ""]
    for index, shown in enumerate(decision.documents, 1):
        what = ", ".join(shown.proves) or "nothing"
        who = {None: "no holder", "met": "this person", "open": "person in doubt", "unmet": "ANOTHER PERSON"}
        lines.append(
            f"  document {index}: {shown.format or 'not a certificate'}, signature {shown.signature}, states {what}, "
            f"{who[None if shown.identity is None else shown.identity.value]}, evidence {shown.evidence}"
        )
    for policy in decision.policies:
        title = message(f"policy.{policy.id}", language) or policy.policy.title
        source = policy.policy.sources[0].title if policy.policy.sources else ""
        lines.append(f"  rule {policy.id}: {policy.outcome.value} - {title} ({source})")
    if earliest:
        found = decision.earliest()
        lines.append(f"  earliest: {found.at.isoformat() if found else 'none within a year'}")
        if found is not None:
            lines.extend(f"    {sentence(item.code, item.facts, language)}" for item in found.needs)
    lines.extend(f"  {message(f'unchecked.{name}', language) or name}" for name in decision.unchecked)
    return "\n".join(lines)
