"""``digest``: the command line's front door, its global options and its exit codes.

Exit codes: 0 done, 1 failed, 2 misused, 3 done with something left out.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from digest.cli.session import Session
from digest.errors import DigestError

NOUNS = ("start", "sources", "editions", "readers")
"""Modules that add commands, in the order of the help."""

app = typer.Typer(
    name="digest",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Make and send a newspaper's Morning Update and Evening Update.\n\nFirst look: digest demo",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"digest {version('digest-press')}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="Configuration file [default: config/digest.toml].")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print results and errors only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to stderr.")] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Keep the global options for the command that follows."""
    context.obj = Session(config=config, quiet=quiet, verbose=verbose)


for noun in NOUNS:
    import_module(f"digest.cli.{noun}").register(app)


def run() -> None:
    """Run the command line; an error of the program becomes words on stderr and exit code 1."""
    try:
        app()
    except DigestError as error:
        typer.secho(f"digest: {error}", err=True, fg=typer.colors.RED)
        sys.exit(1)
    except KeyboardInterrupt:
        typer.echo("digest: stopped; what was done is stored, run it again to go on", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
