"""The mailbox of the settings: what is unread in it is read, and marked once what follows from it is stored."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from digest.errors import SettingsError
from digest.pipeline.access import token_source
from digest.pipeline.aftercare import Aftercare, Upshot
from digest.pipeline.house import House
from digest.pipeline.progress import Progress
from digest.pipeline.quarantine import watching
from digest.readers.bounded import BoundedReader
from digest.readers.imap import Mailbox, mailbox_address

FOR_A_PERSON = frozenset({Upshot.OTHER, Upshot.SET_ASIDE})
"""What somebody should look at: it stays in its folder, read and flagged."""


def collect(house: House, progress: Progress) -> Counter[Upshot]:
    """Read what is unread, ``bounces.most`` mails at most; return how many came to what.

    A mail that is no bounce, and one at which we fail, stays where it is, flagged: somebody should look at it.
    Raises SettingsError without a mailbox in the settings, and MailboxError.
    """
    wanted = house.settings.bounces
    if wanted.url is None:
        raise SettingsError(("bounces.url: no mailbox yet; expected imaps://USER:PASSWORD@HOST/FOLDER",))
    counts, token = Counter[Upshot](), token_source(wanted.token_command)
    address = mailbox_address(wanted.url, Path(house.settings.folder))
    with watching(house, "bounces") as watch, BoundedReader() as read, Mailbox(address, token) as mailbox:
        care = Aftercare(house, watch.item, read)
        numbers = mailbox.unread(wanted.most)
        for number in numbers:
            raw = mailbox.read(number)
            if raw is None:
                continue
            upshot = care.take(raw).upshot
            if wanted.done_folder and upshot not in FOR_A_PERSON:
                mailbox.move(number, wanted.done_folder)
            else:
                mailbox.mark(number, for_a_person=upshot in FOR_A_PERSON)
            counts[upshot] += 1
            progress(counts.total(), len(numbers), "")
    return counts
