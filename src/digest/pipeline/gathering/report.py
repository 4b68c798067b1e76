"""The result of a fetch run, source by source and page by page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How the fetch of one source went; ``problem`` is empty when it went well."""

    name: str
    entries: int
    new: int
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReport:
    """A page that gave no article text: the reason, and what became of its entry."""

    source: str
    title: str
    link: str
    problem: str
    outcome: str
    by_nature: bool = False
    """Whether nothing went wrong, so that another try would change nothing.

    The page is a podcast, a video, a gallery, a live blog or an advertisement. Or its publisher does not allow its text
    to be used: it is for subscribers, closed to robots, or must not be quoted.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A source that was not finished in time.

    ``pages`` is the number of pages left; 0 when its list was not fetched.
    """

    source: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GatherReport:
    """The result of a fetch run."""

    sources: tuple[SourceReport, ...]
    articles: int
    """Number of articles stored, whatever their text was taken from."""
    pages: tuple[PageReport, ...]
    changed: int = 0
    """Number of articles that changed since they were read, and were stored again as a new version."""
    owed: tuple[Owed, ...] = ()
    """Sources and pages not reached in the time limit; the next fetch continues with them."""
    offline: bool = False
    """Whether sources of at least two hosts were tried, and none was reached."""
    set_aside: int = 0
    """Items at which the program itself failed; they are in the quarantine."""

    @property
    def left_out(self) -> bool:
        """Whether something could not be read. Pages that have no usable text by their nature do not count."""
        failed = any(source.problem for source in self.sources) or any(not page.by_nature for page in self.pages)
        return failed or bool(self.set_aside or self.owed)
