"""``digest init`` and ``digest demo``: the first steps."""

from __future__ import annotations

import os
from pathlib import Path

import click

from digest.cli.session import session
from digest.data import data_folder
from digest.errors import SettingsError
from digest.private_files import NEW, make_folder, private


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
@click.option("--open", "show", is_flag=True, help="Show the letters in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def demo(context: click.Context, folder: Path | None, show: bool, as_json: bool) -> None:
    """Fetch, extract, summarise, rank, compose, render and send on three invented newspapers. No network is used.

    Example: digest demo --open
    """
    from digest.demo.run import run_demo

    console = session(context).console
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
