"""The corridor: it orders the rooms and decides nothing.

Along the walk: ``gathering`` (sources to articles), ``editions`` (articles to an edition), ``sending`` (an edition to
its readers). Beside it: ``readers`` (who signs up, chooses, leaves, bounces), ``proofs`` (what was done, shown and
checked), ``readiness`` (what must be right before letters leave), ``operations`` (health, figures, alerts) and
``keeping`` (backup, restore, prune). All of it works with a ``Runtime``; ``quarantine`` sets one item of many aside, ``outage`` waits for a
database, ``stores`` is what is kept, ``relays`` the relays of the settings.
"""
