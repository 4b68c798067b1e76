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
    """Whether nothing went wrong, and another try would change nothing.

    The item is a podcast, a video, a gallery, a live blog or an advertisement, or its publisher keeps the text: for
    subscribers, from robots, or from excerpts.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A source that was not finished in time; ``pages`` is 0 when its list itself was not fetched."""

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
    """Whether no source could be reached, of two hosts or more."""
    set_aside: int = 0
    """Items at which the program itself failed; they are in the quarantine."""

    @property
    def left_out(self) -> bool:
        """Whether something could not be read. An item that has no text for us by its nature does not count."""
        failed = any(source.problem for source in self.sources) or any(not page.by_nature for page in self.pages)
        return failed or bool(self.set_aside or self.owed)
