"""YAML of packs: bounded, without anchors, aliases, tags or the words that YAML takes for booleans; errors know their
line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from verifier.errors import ConfigError
from verifier.rules.codes import RulesCode

MAX_BYTES: Final = 2_000_000
MAX_NODES: Final = 200_000
MAX_DEPTH: Final = 48
_MARKS = re.compile(r"(?:^|[\s\[{,:])[&*!][\w!-]", re.MULTILINE)
_DEEP = re.compile(r"(?:- ){40}|(?:\? ){40}")


class Loader(yaml.CSafeLoader):
    """The fast safe loader; only `true` and `false` are booleans, so that Norway stays NO."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
for _letter in "tf":
    Loader.yaml_implicit_resolvers.setdefault(_letter, []).append(
        ("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"))
    )


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a file holds; empty for an empty file.

    Raises:
        ConfigError: PACK_SYNTAX with file and line; PACK_TOO_LARGE for bytes, nodes, nesting, anchors, aliases or tags.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise ConfigError(
            RulesCode.PACK_SYNTAX, facts={"file": path.name, "line": 0, "why": "cannot be read"}
        ) from None
    return parse(data, path.name)


def parse(data: bytes, name: str) -> dict[str, Any]:
    """See `read_yaml`."""
    if len(data) > MAX_BYTES:
        raise ConfigError(
            RulesCode.PACK_TOO_LARGE, facts={"file": name, "line": 0, "bytes": len(data), "limit": MAX_BYTES}
        )
    try:
        text = data.decode("utf-8")
        _guard(text, name)
        value = yaml.load(text, Loader=Loader)  # noqa: S506
    except UnicodeDecodeError:
        raise ConfigError(RulesCode.PACK_SYNTAX, facts={"file": name, "line": 0, "why": "not UTF-8"}) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or type(error).__name__
        line = mark.line + 1 if mark is not None else 0
        raise ConfigError(RulesCode.PACK_SYNTAX, facts={"file": name, "line": line, "why": why}) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigError(RulesCode.PACK_SYNTAX, facts={"file": name, "line": 1, "why": "not a mapping"})
    _bounded(value, name)
    return value


def _guard(text: str, name: str) -> None:
    """Refuse what could grow or recurse before it is built: aliases, and nesting that only an attack needs."""
    depth = deepest = 0
    if text.count("[") + text.count("{") > MAX_DEPTH:
        for char in text:
            if char in "[{":
                depth += 1
                deepest = max(deepest, depth)
            elif char in "]}":
                depth -= 1
    if deepest > 4 * MAX_DEPTH or _DEEP.search(text):
        raise ConfigError(RulesCode.PACK_TOO_LARGE, facts={"file": name, "line": 0, "limit": MAX_DEPTH})
    if _MARKS.search(text):
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if getattr(event, "anchor", None) or getattr(event, "tag", None) or isinstance(event, yaml.AliasEvent):
                mark = event.start_mark
                line = mark.line + 1 if mark is not None else 0
                raise ConfigError(
                    RulesCode.PACK_TOO_LARGE, facts={"file": name, "line": line, "why": "anchor, alias or tag"}
                )


def _bounded(value: Any, name: str) -> None:
    todo, nodes = [(value, 1)], 0
    while todo:
        item, depth = todo.pop()
        nodes += 1
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            raise ConfigError(RulesCode.PACK_TOO_LARGE, facts={"file": name, "line": 0, "nodes": nodes, "depth": depth})
        if isinstance(item, dict):
            todo.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list):
            todo.extend((child, depth + 1) for child in item)


def line_of(path: Path, location: Sequence[str | int]) -> int:
    """The line at which the value under a path of keys and positions begins; as deep as the path can be followed.

    Only called once something is wrong, so it may parse the file again.
    """
    try:
        node: Node | None = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return 0
    line = 1
    for step in location:
        if isinstance(node, MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line
