"""An edition to its readers.

- ``tick``: looks at the clock and starts what is due.
- ``send``: does what is missing of one edition, from the fetch to the last letter.
- ``freezing``: freezes an edition; a story that cannot be rendered costs itself.
- ``letters``: renders the letter, freezes it with its audience, writes each reader's copy.
- ``deliver_edition``: sends what is due of a frozen edition.
- ``control``: pause, resume, cancel, send again, audit.
- ``draft``, ``dry_run``: an edition as it would leave now, to look at; copies that do not count.
- ``sent_marks``: what left, noted outside the database.
"""
