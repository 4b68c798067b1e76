"""The corridor: it orders the rooms and decides nothing.

Along the walk: ``gathering`` (sources to articles), ``editions`` (articles to an edition), ``sending`` (an edition to
its readers). Beside it: ``readers`` (who signs up, chooses, leaves, bounces) and ``proofs`` (what was done, shown and
checked). All of it works with a ``Runtime``; ``quarantine`` sets one item of many aside, ``outage`` waits for a
database, ``stores`` is what is kept.
"""
