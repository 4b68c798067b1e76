"""The stored things that the corridor starts from and ends with."""

from __future__ import annotations

from dataclasses import dataclass

from digest.storage.articles import Articles
from digest.storage.desk import Desk
from digest.storage.editions import Editions
from digest.storage.engine import Database
from digest.storage.entries import Entries
from digest.storage.hosts import Hosts
from digest.storage.leases import Leases
from digest.storage.readers import Readers
from digest.storage.runs import Runs
from digest.storage.sources import Sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """One door for each area of questions, all on one database."""

    database: Database
    sources: Sources
    entries: Entries
    articles: Articles
    hosts: Hosts
    editions: Editions
    desk: Desk
    leases: Leases
    readers: Readers
    runs: Runs


def open_stores(database: Database) -> Stores:
    """Return all doors to ``database``."""
    return Stores(
        database=database,
        sources=Sources(database),
        entries=Entries(database),
        articles=Articles(database),
        hosts=Hosts(database),
        editions=Editions(database),
        desk=Desk(database),
        leases=Leases(database),
        readers=Readers(database),
        runs=Runs(database),
    )
