"""`cleargate certlogic`: expressions, rules with their tests, and whole rule sets as a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from verifier.cli.filters import InputCode, error_json, run_filter
from verifier.errors import CleargateError, InputError
from verifier.model import Claim
from verifier.rules.certlogic import CertLogicCode, CertLogicError, Expression, RuleSet, ValueSets, validate
from verifier.rules.certlogic.files import read_json
from verifier.wording import LANGUAGES

Line = Mapping[str, Any]


@dataclass(frozen=True)
class Filter:
    """Answers one line. `named` are collections of value sets that a test may name."""

    rules: RuleSet | None = None
    sets: ValueSets | None = None
    named: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"

    def __call__(self, line: Line) -> Mapping[str, Any]:
        for name, answer in FORMS.items():
            if name in line:
                return answer(self, line)
        raise InputError(InputCode.MISSING, facts={"fields": list(FORMS)})

    def validate(self, line: Line) -> Mapping[str, Any]:
        return {"errors": [issue.as_json() for issue in validate(line["validate"])]}

    def evaluate(self, line: Line) -> Mapping[str, Any]:
        source = line["expression"] if "expression" in line else line["certLogicExpression"]
        return {"result": Expression.compile(source).answer(line.get("data"))}

    def rule(self, line: Line) -> Mapping[str, Any]:
        rule = _object(line, "rule")
        logic = Expression.compile(rule.get("Logic"))
        ident = line.get("id", line.get("rule_id", rule.get("Identifier")))
        tests = line.get("tests")
        if tests is None:
            return {"id": ident, "result": logic.answer(self._data(line))}
        if not isinstance(tests, list):
            raise InputError(InputCode.BAD_VALUE, facts={"field": "tests"})
        return {"id": ident, "results": [self._test(logic, test) for test in tests]}

    def _test(self, logic: Expression, test: Any) -> dict[str, Any]:
        if not isinstance(test, Mapping):
            return {"error": error_json(InputError(InputCode.BAD_VALUE, facts={"field": "tests"}))}
        answer: dict[str, Any] = {"file": test.get("file"), "name": test.get("name")}
        try:
            return answer | {"result": logic.answer(self._data(test))}
        except CleargateError as error:
            return answer | {"error": error_json(error)}

    def _data(self, line: Line) -> dict[str, Any]:
        external = dict(_object(line, "external", missing={}))
        name = external.get("valueSets")
        if isinstance(name, str):
            if name not in self.named:
                raise InputError(InputCode.BAD_VALUE, facts={"field": "external.valueSets"})
            external["valueSets"] = self.named[name]
        return {"payload": line.get("payload"), "external": external}

    def judge(self, line: Line) -> Mapping[str, Any]:
        if self.rules is None:
            raise InputError(InputCode.MISSING, facts={"field": "--rules"})
        answer = self.rules.judge(
            line.get("payload"),
            country=_text(line, "country"),
            issuer_country=_text(line, "issuer") if line.get("issuer") is not None else None,
            kind=_kind(line),
            at=_moment(line),
            region=_text(line, "region") if line.get("region") is not None else None,
            valuesets=self.sets,
        )
        return {
            "outcome": answer.outcome.value,
            "findings": [finding.as_json() for finding in answer.findings],
            "sentences": answer.sentences(self.language),
        }


FORMS: Mapping[str, Callable[[Filter, Line], Mapping[str, Any]]] = {
    "validate": Filter.validate,
    "expression": Filter.evaluate,
    "certLogicExpression": Filter.evaluate,
    "rule": Filter.rule,
    "country": Filter.judge,
}


def _object(line: Line, name: str, missing: Any = None) -> Mapping[str, Any]:
    value = line.get(name)
    if value is None and missing is not None:
        value = missing
    if not isinstance(value, Mapping):
        raise InputError(InputCode.BAD_VALUE, facts={"field": name})
    return value


def _text(line: Line, name: str) -> str:
    value = line.get(name)
    if not isinstance(value, str):
        raise InputError(InputCode.BAD_VALUE, facts={"field": name})
    return value


def _kind(line: Line) -> Claim:
    try:
        return Claim(_text(line, "kind"))
    except ValueError:
        raise InputError(InputCode.BAD_VALUE, facts={"field": "kind"}) from None


def _moment(line: Line) -> datetime:
    try:
        return datetime.fromisoformat(_text(line, "at"))
    except ValueError:
        raise InputError(InputCode.BAD_TIME, facts={"field": "at"}) from None


def _named(path: Path) -> dict[str, Any]:
    content = read_json(path)
    if not isinstance(content, dict):
        raise CertLogicError(CertLogicCode.BAD_VALUE_SET, facts={"file": str(path)})
    return content


@click.command()
@click.option("--jsonl", metavar="FILE|-", required=True, help="JSON lines to answer; - is standard input.")
@click.option(
    "--rules", "rule_paths", multiple=True, type=click.Path(path_type=Path), help="Rules: a file or a folder of them."
)
@click.option(
    "--value-sets", "set_paths", multiple=True, type=click.Path(path_type=Path), help="Code lists: a file or a folder."
)
@click.option(
    "--named-value-sets", type=click.Path(path_type=Path), help="JSON: name -> {set id: [codes]}, for tests of rules."
)
@click.option("--lang", default="en", show_default=True, type=click.Choice(LANGUAGES), help="Language of sentences.")
def certlogic(
    jsonl: str, rule_paths: tuple[Path, ...], set_paths: tuple[Path, ...], named_value_sets: Path | None, lang: str
) -> None:
    """Evaluate, check and apply rules in CertLogic 1.3.3, the language of the EU's entry rules.

    One JSON object a line in, one a line out, in order. What a line asks is told by its keys:

    \b
      {"id", "expression", "data"}            -> {"id", "result"}
      {"id", "certLogicExpression", "data"}   -> {"id", "result"}
      {"id", "validate"}                      -> {"id", "errors": [{"path", "message"}]}
      {"id", "rule", "payload", "external"}   -> {"id", "result"}
      {"id", "rule", "tests": [{"file", "name", "payload", "external"}]}
                                              -> {"id", "results": [{"file", "name", "result"}]}
      {"id", "country", "issuer", "kind", "at", "region", "payload"}
                                              -> {"id", "outcome", "findings", "sentences"}

    A date-time comes out as YYYY-MM-DDThh:mm:ss.sssZ. What cannot be evaluated has "error": {"code", "facts",
    "message"} in place of "result"; an error is never false. "external.valueSets" may be the name of a collection in
    --named-value-sets. The last form applies the rules of --rules with the code lists of --value-sets; "kind" is
    vaccination, test or recovery, "at" an ISO 8601 date-time with its zone.
    """
    try:
        handle = Filter(
            rules=RuleSet.load(*rule_paths) if rule_paths else None,
            sets=ValueSets.load(*set_paths) if set_paths else None,
            named=_named(named_value_sets) if named_value_sets else {},
            language=lang,
        )
    except CleargateError as error:
        raise click.ClickException(str(error)) from None
    for sentence in handle.rules.report(lang) if handle.rules else ():
        click.echo(sentence, err=True)
    run_filter(jsonl, handle)
