"""``digest``: the command line's front door, its global options and its exit codes.

Exit codes: 0 done, 1 failed, 2 misused, 3 done with something left out.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import click

from digest import __version__
from digest.cli import (
    bounces,
    db,
    desk,
    editions,
    mail,
    mails,
    operate,
    preview,
    proofs,
    readers,
    serve,
    sources,
    start,
    steer,
)
from digest.cli.session import Session
from digest.errors import DigestError

INTERRUPTED = 130
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("-c", "--config", type=click.Path(path_type=Path), help="Configuration file; default config/digest.toml.")
@click.option("-q", "--quiet", is_flag=True, help="Print results and errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens to stderr.")
@click.version_option(__version__, prog_name="digest", message="%(prog)s %(version)s")
@click.pass_context
def app(context: click.Context, config: Path | None, quiet: bool, verbose: bool) -> None:
    """Make and send a newspaper's Morning Update and Evening Update.

    First look: digest demo
    """
    context.obj = Session(config=config, quiet=quiet, verbose=verbose)


for noun in (start, sources, editions, desk, preview, proofs, readers, bounces, mails, mail, operate, steer, db, serve):
    noun.register(app)


def run() -> None:
    """Run the command line; an error of the program becomes words on stderr and exit code 1."""
    try:
        code = app(standalone_mode=False)  # click returns the code of an early exit here, and None at a plain end
        sys.stdout.flush()
        sys.exit(code)
    except click.ClickException as misuse:
        misuse.show()
        sys.exit(misuse.exit_code)
    except DigestError as error:
        click.secho(f"digest: {error}", err=True, fg="red")
        sys.exit(1)
    except BrokenPipeError:  # as in `digest readers list | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes there
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
