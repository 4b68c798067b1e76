"""The corridor: it orders the rooms and decides nothing.

Along the walk:

- ``gathering``: sources to articles.
- ``editions``: articles to an edition.
- ``sending``: an edition to its readers.

Beside it:

- ``readers``: who signs up, chooses, leaves, bounces.
- ``check``: what must be right before letters leave.
- ``proofs``: what was done, shown and checked.
- ``operations``: health, figures, alerts.
- ``keeping``: backup, restore, prune.

All of it works with a ``Runtime``: the settings, the ``stores``, the clock. ``relays`` are those of the settings,
``quarantine`` sets one item of many aside, ``outage`` waits for a database.
"""
