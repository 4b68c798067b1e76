"""Errors of the program as a whole: the base class, settings, templates, single items, the machine."""

from __future__ import annotations

from enum import Enum


class Advice(Enum):
    """What to do after an error."""

    RETRY = "retry"
    SKIP = "skip"
    ASK = "ask"


class DigestError(Exception):
    """The base class of all errors; its message names what failed and says what to do."""

    advice: Advice = Advice.ASK


class SettingsError(DigestError):
    """The configuration is wrong; ``problems`` has one line for each mistake (file, key, what would be right)."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class TemplateError(DigestError):
    """A template has an error; the message names its file and line."""


class ItemSetAside(DigestError):  # noqa: N818
    """The program itself failed on an item, now or in an earlier run; the item is skipped until somebody retries it."""

    advice = Advice.SKIP

    def __init__(self, kind: str, key: str, error: str) -> None:
        super().__init__(f"set aside ({error}); to look at it: digest quarantine list")
        self.kind = kind
        self.key = key


class Mishandled(Exception):  # noqa: N818
    """A failure of our own in another process or thread, passed to the code that sets the item aside; see its cause."""


class BadPicture(DigestError):  # noqa: N818
    """A picture cannot be shown in a letter: it is no picture, too small, too large, or broken."""

    advice = Advice.SKIP


class AddressUnavailable(DigestError):  # noqa: N818
    """The pages cannot be served at that address: another program uses the port, or the host is another machine."""


class NoTemporaryFolder(DigestError):  # noqa: N818
    """No folder for temporary files can be written. Processes that read pages and mails need one."""
