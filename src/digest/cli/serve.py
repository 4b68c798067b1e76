"""``digest serve``: run all jobs and pages; ``digest web``: serve only the public pages."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal

import click

from digest.cli.session import Session, session
from digest.logs import include_libraries

if TYPE_CHECKING:
    from digest.app import App
    from digest.reconfigure import Configuration
    from digest.reloading import Rereading

Crew = Literal["threads", "cluster"]


@click.command(short_help="Fetch, compose and send on schedule, until stopped.")
@click.option("--crew", type=click.Choice(["threads", "cluster"]), help="Who does the work; default serve.crew.")
@click.pass_context
def serve(context: click.Context, crew: Crew | None) -> None:
    """Fetch, compose and send on schedule until Ctrl-C or SIGTERM; logs go to stderr.

    With a site.url in the settings the public pages are served too, on web.host and web.port. A changed configuration
    is taken up by itself, and on SIGHUP: the log says what changed, and what waits for a restart.

    Several of these on one database share the work: each reader still gets one letter. With `--crew cluster` they may
    run on many machines with one PostgreSQL, and each edition is sent by all of them (docs/howto/several-machines.md).

    Example: digest serve
    """
    from digest.reconfigure import Configuration
    from digest.serve import serve as run

    include_libraries()
    here = session(context)
    asked, hung_up = SimpleQueue[int](), SimpleQueue[int]()
    _on_signals(asked.put)
    signal.signal(signal.SIGHUP, lambda received, _frame: hung_up.put(received))
    chosen = {"DIGEST_SERVE__CREW": crew} if crew else {}
    configuration = Configuration(here.config, os.environ | chosen)
    reading = _rereading(here, configuration, hung_up)
    with here.app("info", configuration.load) as opened:
        app, machines = opened, None
        if opened.settings.serve.crew == "cluster":
            from digest.machines import joined

            app, machines = joined(opened)
        ended = run(app, asked.get, reading, machines)
    if not ended:
        here.console.warn("digest: ended in the middle of a fetch or a letter; the next run goes on there")
        sys.stderr.flush()
        os._exit(0)  # a job's thread would keep the process alive; its results are stored


@click.command(short_help="Serve the public pages only.")
@click.pass_context
def web(context: click.Context) -> None:
    """Serve only the public pages (sign-up, archive, preferences, leaving) until Ctrl-C or SIGTERM.

    They need site.url in the settings, and listen on web.host and web.port. Mails that they ask for are sent by
    `digest serve`, which may run elsewhere on the same database.

    A changed configuration is taken up by itself, and on SIGHUP.

    Example: digest web
    """
    from digest.pipeline.outage import Outage
    from digest.reconfigure import Configuration
    from digest.reloading import LOOK_EVERY, Reloader
    from digest.web.site import Site, public_site, site_listener

    include_libraries()
    here = session(context)
    hung_up, ended = SimpleQueue[int](), threading.Event()
    signal.signal(signal.SIGHUP, lambda received, _frame: hung_up.put(received))
    configuration = Configuration(here.config, os.environ)
    with here.app("info", configuration.load) as app:
        site = Site(app.runtime)
        listener = site_listener(app.runtime, site)
        _on_signals(lambda _: listener.stop())

        def take(changed: App) -> None:
            site.app = public_site(changed.runtime)

        def look() -> None:
            outage = Outage()
            reloader = Reloader(app, _rereading(here, configuration, hung_up), take)
            while not ended.wait(LOOK_EVERY.total_seconds()):
                outage.run("configuration", reloader.tick)

        looking = threading.Thread(target=look, name="configuration", daemon=True)
        looking.start()
        here.console.say(f"Pages at {listener.url}, known as {app.settings.site.url}")
        listener.run()
        ended.set()
        looking.join()


def _rereading(here: Session, configuration: Configuration, hung_up: SimpleQueue[int]) -> Rereading:
    """Return the rules by which a process reads its configuration again: after a signal, or when a file has changed.

    ``hung_up`` gets an item for each SIGHUP.
    """
    from digest.reloading import Rereading

    return Rereading(
        configuration=configuration,
        asked=lambda: _taken(hung_up),
        took=lambda settings: here.log(settings.log.level or "info", settings.log.format),
    )


def _taken(asked: SimpleQueue[int]) -> bool:
    """Return whether the queue contained something, and empty it."""
    found = False
    with suppress(Empty):
        while True:
            asked.get_nowait()
            found = True
    return found


def _on_signals(told: Callable[[int], None]) -> None:
    """Call ``told`` when the process gets SIGTERM or SIGINT, instead of ending it."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: told(received))
