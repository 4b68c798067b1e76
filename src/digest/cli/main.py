"""``digest``: the entry point of the command line, its global options and its exit codes.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with something left out.
"""

from __future__ import annotations

import errno
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from digest import __version__
from digest.cli.session import Session
from digest.errors import DigestError
from digest.logs import Format
from digest.text.glyphs import printable

INTERRUPTED = 130
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
VERBS = {
    "alert": "alert",
    "approve": "desk",
    "articles": "articles",
    "audit": "steer",
    "backup": "backup",
    "bounces": "bounces",
    "cancel": "steer",
    "check": "mail",
    "compose": "editions",
    "crew": "crew",
    "db": "db",
    "deliveries": "operate",
    "demo": "start",
    "dkim": "mail",
    "edit": "desk",
    "editions": "operate",
    "explain": "editions",
    "fetch": "sources",
    "hold": "desk",
    "init": "start",
    "log": "audit_log",
    "mails": "mails",
    "numbers": "numbers",
    "pause": "steer",
    "preview": "preview",
    "prune": "prune",
    "quarantine": "quarantine",
    "readers": "readers",
    "rebuild": "proofs",
    "resend": "steer",
    "restore": "backup",
    "resume": "steer",
    "runs": "operate",
    "send": "editions",
    "serve": "serve",
    "skip": "desk",
    "sources": "sources",
    "status": "status",
    "tokens": "tokens",
    "users": "users",
    "verify": "proofs",
    "web": "serve",
    "webhooks": "webhooks",
}
"""Command -> the module of this folder that defines it."""


class FrontDoor(click.Group):
    """The group of all commands. A command's module is imported only when the command is called.

    Importing all of them would take a quarter of a small command's time.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Return the commands in alphabetical order."""
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command with this name. None when there is none."""
        if cmd_name in VERBS and cmd_name not in self.commands:
            self.add_command(getattr(import_module(f"digest.cli.{VERBS[cmd_name]}"), cmd_name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the called command, and its arguments. For an unknown command, the error names similar ones."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=VERBS, ctx=ctx) from None


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-c", "--config", type=click.Path(path_type=Path), help="Configuration file; default config/digest.toml.")
@click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
@click.option("-v", "--verbose", count=True, help="Log each step to stderr; -vv logs each page and connection too.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="Format of the log; default log.format.")
@click.version_option(__version__, prog_name="digest", message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context, config: Path | None, quiet: bool, verbose: int, log_format: Format | None) -> None:
    """Make and send a newspaper's Morning Update and Evening Update.

    To try it: digest demo. To begin: digest init. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with something
    left out.
    """
    context.obj = made = Session(config=config, quiet=quiet, verbose=verbose, log_format=log_format)
    made.log()


def run() -> None:
    """Run the command line. An error of the program is printed on stderr and gives exit code 1."""
    try:
        code = app(standalone_mode=False)  # click returns the code of an early exit here, and None at a normal end
        sys.stdout.flush()
        sys.exit(code)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except DigestError as error:
        click.secho(printable(f"digest: {error}"), err=True, fg="red")
        sys.exit(1)
    except BrokenPipeError:  # as in `digest readers list | head`: head ended before all was read
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the rest of the buffer goes there
        sys.exit(1)
    except OSError as error:
        if error.filename is None and error.errno not in NO_ROOM:
            raise
        words = ": ".join(filter(None, ("digest", error.filename, error.strerror)))
        click.secho(words, err=True, fg="red")
        sys.exit(1)
    except (KeyboardInterrupt, click.Abort):
        click.echo("digest: stopped; what was done is stored, run it again to go on", err=True)
        sys.exit(INTERRUPTED)
