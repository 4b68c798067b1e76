"""Articles to an edition, stored as a draft with its reasons and its inputs.

- ``inputs``: what an edition is made from, and the making; pure.
- ``composing``: reads the inputs of a date, makes the edition, stores it.
- ``snapshot``: what is stored beside it so that it can be made again.
- ``lead_picture``: fetches the lead's photograph.
- ``editing``: the editor's acts, and the word that approves, holds or skips.
- ``lookup``, ``fates``, ``left_out``: which edition a name means; what became of each article, and why.
- ``published``: sent letters, for everybody to read again.
"""
