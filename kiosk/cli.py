"""`cleargate kiosk`: the agent's page and the API on one machine."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path

import click

from kiosk.config import Config, Mode


@click.command()
@click.option("--qa", is_flag=True, help="Test keys, sample passengers, and a clock that stands still.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--name", "names", multiple=True, help="Further host name under which requests are answered.")
@click.option("--trust", type=click.Path(path_type=Path, file_okay=False), help="Folder with anchors.toml.")
@click.option("--at", metavar="TIME", help="QA only: where the clock stands (default 2021-12-20T12:00:00Z).")
def kiosk(qa: bool, port: int, host: str, names: tuple[str, ...], trust: Path | None, at: str | None) -> None:
    """Start the kiosk: a page for the agent, and POST /api/v1/checks for other programs.

    Without --qa a folder of production keys is required. A browser on another machine needs HTTPS for its camera, so
    put a proxy in front.
    """
    from kiosk import create_app
    from kiosk.serving import make_server
    from verifier.errors import CleargateError
    from verifier.wording import action, sentence

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        config = _config(qa=qa, host=host, names=names, trust=trust, at=at)
        app = create_app(config)
    except CleargateError as error:
        said = f"{sentence(error.code, error.facts)} {action(error.code, error.facts) or ''}".rstrip()
        raise click.ClickException(f"{_where(error.facts)}{said} [{error.code.value}]") from None
    try:
        server = make_server(app, config, host=host, port=port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from None
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    click.echo(f"Cleargate {'QA ' if qa else ''}kiosk: http://{shown}:{server.effective_port}/  (Ctrl+C stops it)")
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


def _config(*, qa: bool, host: str, names: tuple[str, ...], trust: Path | None, at: str | None) -> Config:
    from kiosk.codes import KioskCode
    from verifier.cli.read import TRUST_VARIABLE, default_trust
    from verifier.errors import ConfigError
    from verifier.times import parse_moment

    if trust is None and not qa and not os.environ.get(TRUST_VARIABLE):
        raise ConfigError(KioskCode.NO_TRUST_FOLDER, facts={"variable": TRUST_VARIABLE})
    return Config(
        mode=Mode.QA if qa else Mode.PRODUCTION,
        trust=trust or default_trust(),
        clock=parse_moment(at) if at else None,
        hosts=tuple(dict.fromkeys(("localhost", "127.0.0.1", host, *names))),
    )


def _where(facts: Mapping[str, object]) -> str:
    """File and line, where the error knows them."""
    if "file" not in facts:
        return ""
    return f"{facts['file']}:{facts.get('line', 0)}: "
