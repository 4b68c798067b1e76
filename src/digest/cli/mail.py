"""``digest check`` and ``digest dkim``: check that everything is ready for mail."""

from __future__ import annotations

import os
from pathlib import Path

import click

from digest.cli.session import session
from digest.errors import SettingsError
from digest.private_files import NEW, make_folder, private

COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}


@click.command(short_help="Check what sending needs, and say what to set.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Check all that a letter needs, and say what to set: sources, keys, templates, links, files, relay, DNS.

    Sources and links are opened. Exits with 1 when there is an error. `digest send` and `approve` run the checks that
    need no network, and hold an edition with an error.

    Example: digest check
    """
    from digest.configuration import FILE
    from digest.deliver.dns.domain import resolve
    from digest.model.finding import Level
    from digest.pipeline.check.check import Doors
    from digest.pipeline.check.check import check as looked_at
    from digest.pipeline.editions.blocks import tried_blocks
    from digest.web.trial import try_pages

    here = session(context)
    with here.app() as app:
        config = here.config or Path(os.environ.get("DIGEST_CONFIG", FILE))
        doors = Doors(
            sources=app.opened,
            links=app.reached,
            pages=lambda: try_pages(app.runtime),
            blocks=lambda name: tried_blocks(app.runtime, name),
            config=config,
        )
        found = list(looked_at(app.runtime, resolve, doors))
    if as_json:
        here.console.json([{"level": f.level.value, "subject": f.subject, "words": f.words} for f in found])
    else:
        for one in found:
            words = f"{one.subject}: {one.words}"
            here.console.finding(one.level.value, words, colour=COLOURS[one.level.value])
    if any(one.level is Level.ERROR for one in found):
        raise click.exceptions.Exit(1)


@click.group()
def dkim() -> None:
    """Make keys that sign the letters (RFC 6376)."""


@dkim.command("new", short_help="Make a key, and print its DNS records.")
@click.argument("domain")
@click.option("--selector", default="digest", show_default=True, help="Name of the key in DNS.")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default config/dkim.pem.")
@click.pass_context
def new(context: click.Context, domain: str, selector: str, file: Path | None) -> None:
    """Make a key for a domain, as a file that only you can read. Print the DNS records and the settings it needs.

    Example: digest dkim new example.com
    """
    from digest.deliver.message.dkim import new_key

    path = file or Path("config/dkim.pem")
    made = new_key(domain, selector)
    try:
        make_folder(path.parent)
        with os.fdopen(private(path, NEW), "wb") as out:
            out.write(made.pem)
    except FileExistsError:
        raise SettingsError((f"{path}: exists already, and is left as it is; --file names another",)) from None
    console = session(context).console
    for record in made.records:
        console.result(f"{record.name}. TXT {record.text}")
    console.say(f"\nThe key is in {path}. In config/digest.toml, under [mail]:")
    console.say(f'dkim_domain = "{domain}"\ndkim_selector = "{selector}"\ndkim_key_file = "{path}"')
