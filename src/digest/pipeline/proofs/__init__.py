"""What was done, shown and checked.

- ``explain``: why each story and sentence was chosen.
- ``verify``: every bullet is, word for word, in the article that it names.
- ``rebuild``: an edition made again from its inputs, and compared.
- ``check``: settings, DNS and relays, before a letter leaves.
"""
