"""Explains and checks what was done.

- ``explain``: why each story and sentence was chosen.
- ``verify``: every bullet is, word for word, in the article that it names.
- ``rebuild``: an edition made again from its inputs, and compared.
- ``numbers``: who joined and left, by day and edition.
"""
