"""The `cleargate` command. Sub-commands are loaded only when called, so that start-up stays short.

Other packages join through the entry-point group `cleargate.commands` (name -> click command).
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

COMMANDS = {
    "read": "verifier.cli.read:read",
    "check": "verifier.cli.check:check",
    "judge": "verifier.cli.rules:judge",
    "rules": "verifier.cli.rules:rules",
    "certlogic": "verifier.cli.certlogic:certlogic",
    "mrz": "verifier.cli.travel:mrz",
    "boarding-pass": "verifier.cli.travel:boarding_pass",
    "match": "verifier.cli.match:match",
}
ENTRY_POINTS = "cleargate.commands"


def _joined() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points  # costs 30 ms, which a known command does not need

    return entry_points(group=ENTRY_POINTS)


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *(point.name for point in _joined())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        target = COMMANDS.get(cmd_name)
        if target is not None:
            module, _, name = target.partition(":")
            command: click.Command = getattr(import_module(module), name)
            return command
        for point in _joined():
            if point.name == cmd_name:
                loaded: click.Command = point.load()
                return loaded
        return None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="cleargate")
def main() -> None:
    """May this person board this flight, and if not, what is missing?"""
