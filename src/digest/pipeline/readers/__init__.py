"""Readers: sign-up, choices, leaving, and bounced mail.

- ``registration``: a visitor submits a form, gets a mail, and confirms with its link.
- ``enrol``: readers that the operator adds, one or a file of many.
- ``choices``: what a reader does with a mailed link: editions, address, export, erasure.
- ``leave_links``: leaving and pausing by the link of a letter.
- ``personal_mails``: mails to one person: decided, written, sent before letters.
- ``bounce_mailbox``, ``bounce_handling``: bounced mail is read, and readers are updated.
- ``explain_reader``: everything about one address.
"""
