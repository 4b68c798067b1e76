"""Turns sources into articles; each step is stored before the next.

- ``source_list``: the sources of the settings and of commands, followed in the database.
- ``gather``: a fetch in its order: first ``listing`` (what each source has), then ``reading`` (pages into articles).
- ``revisions``: when an article is read a second time, and which of two readings is kept.
- ``robots_cache``: robots.txt files, kept in the database for the fetch room.
"""
