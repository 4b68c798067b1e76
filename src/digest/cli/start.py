"""``digest init`` and ``digest demo``: the first steps."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli.console import table
from digest.cli.session import draining, misused, session
from digest.cli.users import require_extra
from digest.data import data_folder
from digest.errors import SettingsError
from digest.private_files import NEW, make_folder, private

if TYPE_CHECKING:
    from digest.cli.console import Console
    from digest.demo.desk import DemoDesk


@click.command(short_help="Write a configuration and secret keys.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.pass_context
def init(context: click.Context, folder: Path) -> None:
    """Write a commented configuration with a handful of news feeds, and secret keys beside it, for you alone (0600).

    Nothing is overwritten; where only the keys are missing, only they are written.

    Example: digest init newsroom
    """
    from digest.configuration import FILE, SECRETS

    config = folder / FILE
    keys = config.parent / SECRETS
    if keys.exists():
        raise SettingsError(
            (f"{keys}: exists already and was not changed: new keys would break the links in letters sent before",)
        )
    console = session(context).console
    make_folder(config.parent)
    if config.exists():
        console.say(f"{config}: exists already and was not changed; only the missing keys are written")
    else:
        example = (data_folder() / "config" / "digest.example.toml").read_text(encoding="utf-8")
        _write(config, example)
        console.result(str(config))
    _write(keys, _keys())
    console.result(str(keys))
    there = "" if folder == Path() else f"`cd {folder}`, "
    console.say(f"Next: {there}edit the first, then `digest fetch`, `digest readers add you@example.com`,")
    console.say("      `digest send --edition morning --dry-run` (letters as files in dry-run/, nothing is sent).")


def _write(file: Path, text: str) -> None:
    """Write a new file, complete or not at all, readable by its owner only. An OSError names the file."""
    out = os.fdopen(private(file, NEW), "w", encoding="utf-8")
    try:
        with out:
            out.write(text)
    except OSError as error:
        file.unlink()
        raise OSError(error.errno, error.strerror, str(file)) from error


def _keys() -> str:
    import secrets

    return (
        "# Secret keys: they sign the links by which readers leave. Keep them; a lost key breaks old links.\n"
        "# To rotate, add a key to the ring and make it current; old keys still verify.\n"
        f'[keys]\ncurrent = "k1"\n\n[keys.ring]\nk1 = "{secrets.token_hex(32)}"\n'
    )


@click.command(short_help="Try it all on invented newspapers, offline.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write the letters; default digest-demo.",
)
@click.option("--desk", "at_desk", is_flag=True, help="Serve the morning's draft at the editors' desk, until Ctrl-C.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the desk on 127.0.0.1; default 8080.")
@click.option("--open", "show", is_flag=True, help="Show the letters, or the desk, in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def demo(
    context: click.Context, folder: Path | None, at_desk: bool, port: int | None, show: bool, as_json: bool
) -> None:
    """Fetch, extract, summarise, rank, compose, render and send on three invented newspapers. No network is used.

    With --desk nothing is sent: the morning's draft waits at the editors' desk in the browser, at ten to six. The
    command prints the address of the desk, and who may sign in with which password.

    Example: digest demo --open
    """
    console = session(context).console
    if at_desk:
        _serve_desk(console, folder, port, show=show, as_json=as_json)
        return
    if port is not None:
        misused("--port is the port of the desk: use it with --desk")
    from digest.demo.run import run_demo

    with console.progress("Demo") as progress:
        report = run_demo(folder, progress)
    if as_json:
        console.json(report.plain())
    else:
        for line in report.lines():
            console.result(line)
    if show:
        for letter in report.html_files:
            click.launch(letter.resolve().as_uri())


def _serve_desk(console: Console, folder: Path | None, port: int | None, *, show: bool, as_json: bool) -> None:
    """Serve the desk of the demo until a signal ends it."""
    require_extra()
    from digest.demo.desk import demo_desk
    from digest.serve import serve

    with draining() as asked, ExitStack() as stack:
        with console.progress("Demo") as progress:
            made = stack.enter_context(demo_desk(folder, port, progress))

        def served() -> None:
            _say_desk(console, made, as_json=as_json)
            if show:
                click.launch(made.url)
            asked.wait()

        ended = serve(made.app, served)
    if not ended:
        sys.stderr.flush()
        os._exit(0)  # a job's thread would keep the process alive; the next demo begins anew


def _say_desk(console: Console, made: DemoDesk, *, as_json: bool) -> None:
    if as_json:
        users = [
            {"email": u.email, "name": u.name, "role": u.role.name.lower(), "password": u.password} for u in made.users
        ]
        console.json({"url": made.url, "users": users, "letters": str(made.letters)})
        return
    console.result(f"The desk is at {made.url}")
    console.result("")
    rows = [(user.email, user.password, user.role.name.lower()) for user in made.users]
    for line in table(rows, ("ADDRESS", "PASSWORD", "ROLE")):
        console.result(line)
    console.result("")
    console.say(
        "At the desk it is ten to six on 14 October 2026. The Morning Update is due at six, and waits for approval."
    )
    console.say(f"Nothing is sent: letters become files in {made.letters}/.")
    console.say("Stop with Ctrl-C. The next start begins anew, with new passwords.")
