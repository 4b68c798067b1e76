"""``digest verify`` and ``rebuild``: what an edition says can be proved."""

from __future__ import annotations

import click

from digest.cli.session import failed, session


@click.command(short_help="Check every bullet against its article.")
@click.argument("edition")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def verify(context: click.Context, edition: str, as_json: bool) -> None:
    """Check that every bullet is in the stored article it names, word for word; exit 1 names those that are not.

    EDITION is a name (the newest of it) or name/date.

    Example: digest verify morning/2026-11-23
    """
    from digest.pipeline.verify import verify_edition

    here = session(context)
    with here.app() as app:
        proof = verify_edition(app.house, edition)
    if as_json:
        here.console.json(proof.plain())
    else:
        for line in proof.lines():
            here.console.result(line)
    if proof.unproved:
        failed()


@click.command(short_help="Make a past edition again, and compare.")
@click.argument("edition")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def rebuild(context: click.Context, edition: str, as_json: bool) -> None:
    """Make an edition and its letter again from the stored articles and settings; exit 1 with the first difference.

    EDITION is a name (the newest of it) or name/date. Only the version of the program that composed an edition can
    rebuild it; others refuse (exit 1), since they may choose differently.

    Example: digest rebuild morning/2026-11-23
    """
    from digest.pipeline.rebuild import rebuild as made_again

    here = session(context)
    with here.app() as app:
        rebuilt = made_again(app.house, edition)
    if as_json:
        here.console.json(rebuilt.plain())
    else:
        for line in rebuilt.lines():
            here.console.result(line)
    if rebuilt.difference:
        failed()
