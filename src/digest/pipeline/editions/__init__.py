"""Makes an edition from articles, stored as a draft with its reasons and its inputs.

- ``inputs``: what an edition is made from, and how it is made, without reading or writing anything.
- ``composing``: reads the inputs of a date, makes the edition, stores it.
- ``snapshot``: what is stored with an edition so that it can be made again.
- ``lead_picture``: fetches the photographs of stories, and reads the logo.
- ``editing``: the editor's acts, and the commands to approve, hold or skip.
- ``lookup``, ``fates``, ``left_out``: which edition a name means; what became of each article, and why.
- ``published``: sent letters, for everybody to read in the archive.
"""
