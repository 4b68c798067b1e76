"""Who signs up, chooses, leaves, and whose mail comes back.

- ``registration``: a form asks, a mail goes, its link confirms.
- ``enrol``: readers that the operator adds, one or a file of many.
- ``choices``: what a reader does with a mailed link: editions, address, export, erasure.
- ``leave_links``: leaving and pausing by the link of a letter.
- ``personal_mails``: mails to one person: decided on, written, sent ahead of letters.
- ``bounce_mailbox``, ``bounce_handling``: mail that came back is read, and what follows from it.
- ``explain_reader``: everything about one address.
"""
