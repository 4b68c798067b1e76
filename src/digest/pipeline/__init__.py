"""The corridor: it calls the rooms in order and decides nothing.

The steps from sources to readers:

- ``gathering``: sources to articles.
- ``editions``: articles to an edition.
- ``sending``: an edition to its readers.

Other tasks:

- ``readers``: who signs up, chooses, leaves, bounces.
- ``people``: the users of the desk.
- ``webhooks``: messages to other systems.
- ``check``: what must be right before letters leave.
- ``proofs``: what was done, shown and checked.
- ``operations``: health, figures, alerts.
- ``keeping``: backup, restore, prune.

All of it works with a ``Runtime``: the settings, the ``stores``, the clock. ``relays`` reads the relays of the
settings, ``quarantine`` sets aside one item without stopping the others, ``outage`` waits for a lost database.
"""
