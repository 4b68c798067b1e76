"""``digest crew``: the working machines, their work, and their speed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from digest.cli.session import session
from digest.errors import StorageError

if TYPE_CHECKING:
    from digest.app import App

MINUTE = 60


@click.command(short_help="Show the workers of a cluster, and their jobs.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def crew(context: click.Context, as_json: bool) -> None:
    """Show the workers of `digest serve --crew cluster`, waiting and stalled jobs, and how fast letters leave.

    Exits with 3 when a worker is lost with unfinished work, or when no letter may leave.

    Example: digest crew
    """
    here = session(context)
    with here.app() as app:
        found = _found(app)
    if as_json:
        here.console.json(found)
    else:
        for line in _lines(found):
            here.console.result(line)
    if found["stalled"] or found["closed"]:
        context.exit(3)


def _found(app: App) -> dict[str, Any]:
    from digest.crew.cluster import SCHEMA, ClusterCrew
    from digest.storage.engine import has_schema
    from digest.storage.relay_states import RelayStates

    made = ClusterCrew(app.stores.database, app.clock)
    if not has_schema(app.stores.database, SCHEMA):
        raise StorageError("no machine of a cluster has worked here yet: `digest serve --crew cluster`")
    status = made.status()
    return {
        "workers": [{"worker": m.name, "silent_s": round(m.silent_s, 1), "doing": list(m.doing)} for m in status.mates],
        "waiting": dict(status.waiting),
        "stalled": list(status.stalled),
        "closed": RelayStates(app.stores.database).all(),
        "letters_last_minute": app.stores.figures.settled_lately(app.clock(), MINUTE),
    }


def _lines(found: Mapping[str, Any]) -> list[str]:
    workers = [
        f"worker {each['worker']}: {', '.join(each['doing']) or 'free'} (last sign {each['silent_s']:.0f} s ago)"
        for each in found["workers"]
    ]
    waiting = ", ".join(f"{queue} {number}" for queue, number in sorted(found["waiting"].items())) or "nothing"
    lines = [*(workers or ["no worker: `digest serve --crew cluster` runs nowhere"]), f"waiting: {waiting}"]
    lines += [f"{edition}: {number} letters settled in the last minute" for edition, number in _rates(found)]
    lines += [f"stalled: {job}" for job in found["stalled"]]
    return lines + [f"no letter may leave: {why}" for why in found["closed"].values()]


def _rates(found: Mapping[str, Any]) -> list[tuple[str, int]]:
    return sorted(found["letters_last_minute"].items())
