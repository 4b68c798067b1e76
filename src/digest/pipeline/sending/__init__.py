"""Sends an edition to its readers.

- ``tick``: checks the clock and starts what is due.
- ``send``: does the missing steps of one edition, from the fetch to the last letter.
- ``freezing``: freezes an edition; a story that cannot be rendered is left out.
- ``letters``: renders the letter, freezes it with its audience, writes each reader's copy.
- ``deliver_edition``: sends the letters of a frozen edition that are due.
- ``control``: pause, resume, cancel, send again, audit.
- ``draft``, ``dry_run``: a preview of an edition; test copies.
- ``sent_marks``: how many letters were sent, noted outside the database.
"""
