"""``digest preview``: an edition as it would be sent now, in the browser of this machine."""

from __future__ import annotations

import os
import signal
from queue import SimpleQueue

import click

from digest.cli.editions import date_option, edition_option
from digest.cli.session import local_date, session

PORT = 8025


@click.command(short_help="Show an edition in the browser.")
@edition_option
@date_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port of the page; 0 takes any free one.",
)
@click.option("--open", "in_browser", is_flag=True, help="Open it in the browser.")
@click.pass_context
def preview(context: click.Context, edition: str, date: str | None, port: int, in_browser: bool) -> None:
    """Show an edition as it would be sent now, on a page that only this machine can open. Nothing is sent.

    The page shows the letter for phone and desktop, light and dark, without pictures and as text, its headers and
    source, and what to mend; it offers the editor's actions. It follows the templates, settings and draft until Ctrl-C.

    Example: digest preview --edition morning --open
    """
    from digest.configuration import load
    from digest.pipeline.sending.draft import standing
    from digest.web.listen import Listener
    from digest.web.preview.pages import preview_app
    from digest.web.preview.watch import Watch

    here, day = session(context), local_date(date)
    asked: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked.put(received))
    with here.app() as app:
        standing(app.runtime, edition, day)  # an unknown edition is reported here, not on the page
        watch = Watch(app, lambda: load(here.config, os.environ), edition, day)
        with Listener(preview_app(watch), "127.0.0.1", port).in_background() as listener:
            here.console.result(f"{listener.url}/ shows {edition}; Ctrl-C ends it.")
            if in_browser:
                click.launch(f"{listener.url}/")
            asked.get()
