"""``digest verify`` and ``rebuild``: prove an edition's content."""

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
    from digest.pipeline.proofs.verify import verify_edition

    here = session(context)
    with here.app() as app:
        proof = verify_edition(app.runtime, edition)
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

    EDITION is a name (the newest of it) or name/date. After an upgrade it may come out differently: then the version
    that makes it byte for byte is named. It works as long as what it was made from is kept (retention.articles_days).

    Example: digest rebuild morning/2026-11-23
    """
    from digest.pipeline.proofs.rebuild import rebuild as made_again

    here = session(context)
    with here.app() as app:
        rebuilt = made_again(app.runtime, edition)
    if as_json:
        here.console.json(rebuilt.plain())
    else:
        for line in rebuilt.lines():
            here.console.result(line)
    if rebuilt.difference:
        failed()
