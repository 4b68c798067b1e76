"""Explains what a letter shows beside its stories, from the stored edition, and what it does not show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.model.edition import Edition, Item
from digest.model.finds import Shown
from digest.settings import EditionSettings

NOT_SURE = "none: nothing in its stories was sure enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindAccount:
    """One thing that the letter shows, or does not show: what it is, its text, and why."""

    what: str
    text: str
    why: str

    @property
    def line(self) -> str:
        """The account in words."""
        return f"{self.what}: {self.text}" + (f" ({self.why})" if self.why else "")


def find_accounts(edition: Edition, plan: EditionSettings | None) -> tuple[FindAccount, ...]:
    """Return an account of each find, in the letter's order.

    ``plan`` holds the settings that the edition was composed with; when they are unknown, nothing is said of what is
    missing.
    """
    finds = edition.finds
    return (
        *_of_opening(edition, plan),
        *(account for item in edition.items for account in _of_item(item)),
        *_of_one("number of the day", finds.number, off=plan is None or not plan.number_of_day),
        *(_shown("coming up", one) for one in finds.coming),
        *_of_one("quote of the day", finds.quote, off=plan is None or not plan.quote_of_day),
        *_of_next(edition, plan),
    )


def _of_opening(edition: Edition, plan: EditionSettings | None) -> Iterator[FindAccount]:
    if edition.opening_names:
        yield FindAccount(
            what="opening", text=", ".join(edition.opening_names), why="the sure names of stories in full"
        )
    elif plan is not None and plan.opening_names:
        why = "none of the first three stories, or fewer than two in full, has a sure name of its own"
        yield FindAccount(what="opening", text="it counts the stories", why=why)


def _of_item(item: Item) -> Iterator[FindAccount]:
    about = item.headline
    if item.slug:
        yield FindAccount(what=f"name of {about!r}", text=item.slug, why=item.slug_why)
    if item.ahead is not None:
        yield FindAccount(what=f"what's next under {about!r}", text=item.ahead.passage.text, why=item.ahead.why)
    for bullet in item.bullets:
        if bullet.credited:
            why = "they agree on its number" if len(bullet.credited) > 1 else "outlets differ, and the number is theirs"
            yield FindAccount(what=f"credited in {about!r}", text=", ".join(bullet.credited), why=why)
    if item.so_far:
        told = ", ".join(str(each.edition) for each in item.so_far)
        yield FindAccount(
            what=f"story so far of {about!r}", text=told, why="earlier letters with an article of this story"
        )
    if item.group:
        yield FindAccount(what=f"section of {about!r}", text=item.group, why="letter_sections")
    if item.walled:
        yield FindAccount(what=f"mark of {about!r}", text="for subscribers", why="its page says that it is not free")


def _of_one(what: str, shown: Shown | None, *, off: bool) -> Iterator[FindAccount]:
    if shown is not None:
        yield _shown(what, shown)
    elif not off:
        yield FindAccount(what=what, text=NOT_SURE, why="")


def _of_next(edition: Edition, plan: EditionSettings | None) -> Iterator[FindAccount]:
    some = edition.finds.coming or any(item.ahead for item in edition.items)
    if not some and plan is not None and plan.whats_next != "off":
        yield FindAccount(what="what's next", text=NOT_SURE, why="")


def _shown(what: str, shown: Shown) -> FindAccount:
    return FindAccount(what=what, text=shown.find.passage.text, why=f"{shown.find.why}; from {shown.headline!r}")
