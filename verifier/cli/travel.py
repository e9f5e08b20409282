"""`cleargate mrz` and `cleargate boarding-pass`: one scan on one screen, or a filter over JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn

import click

from verifier.cli.filters import InputCode, run_filter
from verifier.errors import CleargateError, DocumentError, EnvelopeError, InputError
from verifier.findings import Finding, Outcome
from verifier.travel.boarding_pass import (
    BcbpCode,
    BoardingPass,
    error_class,
    parse_boarding_pass,
    recognise,
)
from verifier.travel.mrz import LAYOUTS, Mrz, MrzCode, Reading, parse_mrz, read_strictly
from verifier.wording import LANGUAGES, explain, message, sentence

REFER = 10  # exit code: a person must look
MAX_FILE = 10 * 1024 * 1024
MAX_LINES = 100
_REASON = {MrzCode.LENGTH: "length", MrzCode.CHARACTERS: "characters", MrzCode.TOO_LONG: "length"}

Line = Mapping[str, Any]


def answer_mrz(line: Line, default: date) -> Mapping[str, Any]:
    """The answer to one line of a corpus of zones.

    Args:
        line: `lines` (read strictly, as they are) or `text` (as a reader sent it), with `reference_date` and, where the
            type is known beforehand, `type`.
        default: reference date of lines that name none.

    Returns:
        `type`, `valid`, `fields`, `checks`, `reasons` of the strict reading; `findings` of the tolerant one; and, only
        where that one read more or otherwise, `read` with its `type`, `valid`, `fields` and `checks`.

    Raises:
        InputError: MISSING or BAD_VALUE for the question itself. A bad zone is an answer, not an error.
    """
    reference = _reference(line, default)
    layout = None
    if line.get("type") is not None:
        layout = LAYOUTS.get(str(line["type"]))
        if layout is None:
            raise InputError(InputCode.BAD_VALUE, facts={"field": "type"})
    source = _source(line)
    tolerant, failure = _tolerant(source, reference)
    if isinstance(source, str):
        # text has no lines of its own: they are those found in it
        lines = (tolerant.scanned or tolerant.reading).lines if tolerant is not None else ()
    else:
        lines = tuple(source)
    strict = read_strictly(lines, reference=reference, layout=layout)
    if isinstance(source, str) and tolerant is not None and any(f.code is MrzCode.LOOKALIKE for f in tolerant.findings):
        strict = ("characters",)
    findings = tolerant.findings if tolerant is not None else (failure.finding(),) if failure is not None else ()
    out: dict[str, Any] = {
        "type": layout.name if layout is not None else strict.type if isinstance(strict, Reading) else None,
        "valid": isinstance(strict, Reading) and strict.valid,
        **_values(strict if isinstance(strict, Reading) else None),
        "reasons": list(strict.reasons) if isinstance(strict, Reading) else list(strict),
        "findings": [finding.as_json() for finding in findings],
    }
    if isinstance(source, str) and failure is not None:
        out["reasons"] = [_REASON[MrzCode(failure.code)]]
    if tolerant is not None and (not isinstance(strict, Reading) or tolerant.reading.zone != strict.zone):
        out["read"] = {"type": tolerant.type, "valid": tolerant.valid, **_values(tolerant.reading)}
    return out


def answer_boarding_pass(line: Line, default: date) -> Mapping[str, Any]:
    """The answer to one line of a corpus of boarding passes.

    Args:
        line: `text`, exactly as decoded, and `reference_date`.
        default: reference date of lines that name none.

    Returns:
        `accept`, `expected` and `error` of the strict reading (`expected` None or `error` None); `value`, what the
        tolerant reading found, None where it found no boarding pass; `warnings`, the codes of the faults it
        tolerated; `findings`.

    Raises:
        InputError: MISSING or BAD_VALUE for the question itself.
    """
    reference = _reference(line, default)
    text = line.get("text")
    if not isinstance(text, str):
        raise InputError(InputCode.MISSING if text is None else InputCode.BAD_VALUE, facts={"field": "text"})
    error: str | None = None
    found: BoardingPass | None
    try:
        found = parse_boarding_pass(text, reference=reference, strict=True)
        findings = found.findings
    except EnvelopeError as strict:
        error = error_class(BcbpCode(strict.code))
        try:
            found = parse_boarding_pass(text, reference=reference)
            findings = found.findings
        except EnvelopeError as none:
            found, findings = None, (none.finding(),)
    value = None if found is None else found.as_json()
    return {
        "accept": error is None,
        "expected": value if error is None else None,
        "value": value,
        "error": error,
        "warnings": [] if found is None else [finding.code.value for finding in found.tolerated],
        "findings": [finding.as_json() for finding in findings],
    }


def _tolerant(source: str | list[str], reference: date) -> tuple[Mrz | None, DocumentError | None]:
    try:
        return parse_mrz(source, reference=reference), None
    except EnvelopeError as error:
        return None, error


def _values(reading: Reading | None) -> dict[str, Any]:
    if reading is None:
        return {"fields": None, "checks": None}
    return {"fields": reading.fields.as_json(), "checks": dict(reading.checks)}


def _reference(line: Line, default: date) -> date:
    value = line.get("reference_date")
    if value is None:
        return default
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(InputCode.BAD_VALUE, facts={"field": "reference_date"}) from None


def _source(line: Line) -> str | list[str]:
    """The text or the lines of a question."""
    lines, text = line.get("lines"), line.get("text")
    if lines is None and text is None:
        raise InputError(InputCode.MISSING, facts={"field": "lines"})
    if lines is None:
        if not isinstance(text, str):
            raise InputError(InputCode.BAD_VALUE, facts={"field": "text"})
        return text
    if not isinstance(lines, list) or len(lines) > MAX_LINES or not all(isinstance(item, str) for item in lines):
        raise InputError(InputCode.BAD_VALUE, facts={"field": "lines"})
    return lines


def _today(_: click.Context, __: click.Parameter, value: datetime | None) -> date:
    """The reference date: given, or today. A command is an edge and may read the clock."""
    return (value or datetime.now(UTC)).date()


_ARGUMENT = click.argument("scan", required=False)
_JSONL = click.option("--jsonl", metavar="FILE", help="Answer JSON lines from FILE, or - for standard input.")
_LANG = click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
_REFERENCE = click.option(
    "--reference",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_today,
    help="Day from which years are counted.  [default: today, UTC]",
)


@click.command()
@_ARGUMENT
@_JSONL
@_REFERENCE
@_LANG
def mrz(scan: str | None, jsonl: str | None, reference: date, lang: str) -> None:
    """Read the machine-readable zone of a passport, card or visa.

    SCAN is a text file as a reader sent it, a picture or PDF of the page, or - for standard input.
    """
    if jsonl is not None:
        run_filter(jsonl, lambda line: answer_mrz(line, reference))
        return
    try:
        text, said = _zone(_file(scan))
        found = parse_mrz(text, reference=reference)
    except CleargateError as error:
        _refuse(error, lang)
    fields = found.fields
    _rows(
        lang,
        (
            ("document", f"{found.type}  {fields.document_code}  {fields.issuing_state}"),
            ("number", fields.document_number),
            ("name", f"{fields.surname} / {fields.given_names}"),
            ("nationality", fields.nationality),
            ("born", str(found.birth) or fields.birth_date_raw),
            ("sex", fields.sex),
            ("expires", fields.expiry_date or fields.expiry_date_raw),
            ("checks", "  ".join(f"{name} {'+' if holds else 'X'}" for name, holds in found.checks.items())),
        ),
    )
    _end(lang, "travel.valid" if found.valid else "travel.not-valid", (*said, *found.findings))


@click.command("boarding-pass")
@_ARGUMENT
@_JSONL
@_REFERENCE
@_LANG
def boarding_pass(scan: str | None, jsonl: str | None, reference: date, lang: str) -> None:
    """Read a bar-coded boarding pass.

    SCAN is a picture of it or the barcode text, or - for standard input.
    """
    if jsonl is not None:
        run_filter(jsonl, lambda line: answer_boarding_pass(line, reference))
        return
    try:
        found = parse_boarding_pass(_payload(_file(scan)), reference=reference)
    except CleargateError as error:
        _refuse(error, lang)
    _rows(lang, (("name", found.name_field.strip(" ")),))
    for leg in found.legs:
        day = leg.flight_date.isoformat() if leg.flight_date else leg.day_of_year
        flight = f"{leg.operating_carrier} {leg.flight_number}  {leg.origin}-{leg.destination}  {day}"
        _rows(lang, (("flight", flight), ("seat", f"{leg.seat}  {leg.sequence}"), ("booking", leg.pnr)))
    _end(lang, "travel.pass-faulty" if found.tolerated else "travel.pass-read", found.findings)


def _file(path: str | None) -> bytes:
    """The bytes of a file or of standard input.

    Raises:
        InputError: MISSING without a path, NO_FILE where it cannot be read, BAD_VALUE where it is too large.
    """
    if path is None:
        raise InputError(InputCode.MISSING, facts={"field": "SCAN"})
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_FILE + 1)
        else:
            with open(path, "rb") as handle:
                data = handle.read(MAX_FILE + 1)
    except OSError as error:
        raise InputError(InputCode.NO_FILE, facts={"path": path, "reason": error.strerror}) from None
    if len(data) > MAX_FILE:
        raise InputError(InputCode.BAD_VALUE, facts={"field": "SCAN"})
    return data


_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8", b"II*\0", b"MM\0*")


def _payload(data: bytes) -> bytes:
    """The barcode text of a picture, or the data itself without the line end of a text file."""
    if not data.startswith(_PICTURES):
        return data[:-1] if data.endswith(b"\n") else data
    from verifier.scan import read_picture  # loads the barcode readers: only for pictures

    codes = [code.data for code in read_picture(data).codes]
    return next((code for code in codes if recognise(code)), codes[0])


def _zone(data: bytes) -> tuple[bytes | str, tuple[Finding, ...]]:
    """The text of a zone and what is to be said about it: read from a picture, or the data itself."""
    if not data.startswith((*_PICTURES, b"%PDF")):
        return data, ()
    from verifier.scan_mrz import read_zone  # loads the picture readers: only for pictures

    zone = read_zone(data)
    return zone.text, zone.findings


def _refuse(error: CleargateError, lang: str) -> NoReturn:
    click.echo(f"{sentence(error.code, error.facts, lang)} [{error.code.value}]", err=True)
    todo = message(f"{error.code.value}!", lang, error.facts)
    if todo is not None:
        click.echo(todo, err=True)
    sys.exit(2 if isinstance(error, InputError) else REFER)


def _rows(lang: str, rows: Iterable[tuple[str, str]]) -> None:
    for label, value in rows:
        click.echo(f"{message(f'travel.label-{label}', lang) or label:<20}{value}")


def _end(lang: str, verdict: str, findings: Iterable[Finding]) -> None:
    """The summary, each finding in words, and the exit code: 10 where one of them is open."""
    said = tuple(findings)
    click.echo(message(verdict, lang) or verdict)
    for finding in said:
        click.echo(f"- {explain(finding, lang)} [{finding.code.value}]")
    if any(finding.outcome in (Outcome.OPEN, Outcome.UNMET) for finding in said):
        sys.exit(REFER)
