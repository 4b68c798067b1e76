"""``digest serve``: the paper runs by itself."""

from __future__ import annotations

import os
import signal
import sys
from queue import SimpleQueue

import click

from digest.cli.session import session


def register(app: click.Group) -> None:
    """Hang this command under ``digest``."""
    app.add_command(serve)


@click.command()
@click.pass_context
def serve(context: click.Context) -> None:
    """Fetch, compose and send by the clock until it is told to end (Ctrl-C, SIGTERM); logs go to stderr.

    Several of these on one database share the work: each reader still gets one letter.

    Example: digest serve
    """
    from digest.logs import log_to_stderr
    from digest.serve import serve as run

    log_to_stderr()
    asked: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.put(received))
    with session(context).app() as app:
        ended = run(app, asked.get)
    if not ended:
        session(context).console.warn("digest: ended in the middle of a fetch or a letter; the next run goes on there")
        sys.stderr.flush()
        os._exit(0)  # a job's thread would hold the process; what it did is stored
