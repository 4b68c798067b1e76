"""The ranking of stories, and the editions."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from digest.settings.blocks import BlockSettings
from digest.settings.identity import IdentitySettings
from digest.settings.types import Kind, Text, Weekday


class RankSettings(Struct, frozen=True, kw_only=True):
    """How the importance of stories is computed."""

    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points added to the score of its stories; the section matches its names in all languages."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most stories of it in one edition."""
    sport_quota: Annotated[int, Meta(ge=0)] = 4
    """Most sport stories when no quota names sport; 0 means no limit. Editions that are mostly sport have no limit."""
    owners: dict[str, str] = field(default_factory=dict)
    """Publisher -> owner: publishers of one owner share one vote."""
    coverage: Annotated[float, Meta(ge=0)] = 1.0
    """Points for each doubling of the independent outlets."""
    velocity: Annotated[float, Meta(ge=0)] = 0.15
    """Points for each doubling of the owners that joined within ``velocity_hours``."""
    velocity_hours: Annotated[float, Meta(gt=0)] = 6.0
    """An owner counts for ``velocity`` when it joined within this time."""
    freshness: Annotated[float, Meta(ge=0)] = 0.3
    """Points of a story with an article of this minute."""
    freshness_half_life_hours: Annotated[float, Meta(gt=0)] = 12.0
    """Age of the latest article at which ``freshness`` counts half."""
    prominence: Annotated[float, Meta(ge=0)] = 0.4
    """Points for the first place in a source's own order; less for lower places."""
    front_page: Annotated[float, Meta(ge=0)] = 1.0
    """Points between the top of a paper's front page and an article that is not on it; orders one paper's articles."""
    told: Annotated[float, Meta(ge=0)] = 1.0
    """Points that a story loses when an earlier edition told it."""
    news_value: Annotated[float, Meta(ge=0)] = 3.0
    """Points lost for each degree of importance (of 3) that a story lacks; fewer when independent outlets agree."""
    after_news: Annotated[float, Meta(ge=0)] = 2.0
    """Points that opinions, guides, reviews, lists and promotions lose."""
    diversity: Annotated[float, Meta(ge=0)] = 1.5
    """Points that a story loses when it has the same words as a better one; in proportion to the similarity."""
    diversity_depth: Annotated[int, Meta(ge=1, le=1000)] = 60
    """Number of best stories that are compared with each other."""


class EditionSettings(Struct, frozen=True, kw_only=True):
    """One letter that readers can subscribe to."""

    title: Text
    """Title of the letter: its headline and its sender's name."""
    greeting: Literal["morning", "evening"] = "morning"
    """The template, greeting and colours of the letter."""
    at: time = time(6, 0)
    """Local time at which it is sent, in its zone."""
    weekend_at: time | None = None
    """Another time on Saturday and Sunday; ``at`` when missing."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    """Days of the week on which it is sent."""
    kind: Literal["scheduled", "on_demand", "breaking"] = "scheduled"
    """``on_demand`` and ``breaking`` letters are sent only by `digest send`; a ``breaking`` letter has one story."""
    most_a_day: Annotated[int, Meta(ge=1, le=24)] = 3
    """Most letters of an ``on_demand`` or ``breaking`` edition in one day of its zone; more are refused."""
    holidays: tuple[date, ...] = ()
    """Dates, such as 2026-12-25, that are handled as ``on_holidays`` says."""
    holidays_file: str = ""
    """Calendar file (.ics, RFC 5545) whose events are holidays too; relative to the configuration's folder."""
    on_holidays: Literal["skip", "weekend"] = "skip"
    """On a holiday: do not send it, or send it at ``weekend_at``."""
    zone: Text = "UTC"
    """IANA name of the time zone of its times and dates."""
    reader_zone: bool = False
    """Whether readers with a time zone get its letter at its local time in their own zone, on the same date.

    The letter is composed once, at its time in ``zone``. Readers in whose zone that time has passed by then get it at
    once: so ``zone`` is best the easternmost zone of the readers.
    """
    language: Text = "en"
    """Language of the letter and of its articles."""
    follows: str | None = None
    """Name of an edition of the same day; this edition updates its stories."""
    sources: tuple[str, ...] = ()
    """Names of its sources; empty means all."""
    exclude_sources: tuple[str, ...] = ()
    """Names of sources that are left out."""
    sections: tuple[str, ...] = ()
    """Its sections, as articles or sources name them, in any language (sport matches Deportes); empty means all."""
    exclude_sections: tuple[str, ...] = ()
    """Sections that are left out."""
    include_words: tuple[str, ...] = ()
    """An article needs one of these words in title, subtitle or tags; ``budget*`` matches all that begin so."""
    exclude_words: tuple[str, ...] = ()
    """Articles with one of these words in title, subtitle or tags are left out."""
    include_authors: tuple[str, ...] = ()
    """Only articles of these authors; empty means all."""
    exclude_authors: tuple[str, ...] = ()
    """Authors whose articles are left out."""
    exclude_kinds: tuple[Kind, ...] = ()
    """Kinds of texts that are left out, such as opinion or live."""
    advertorials: Literal["leave_out", "label"] = "leave_out"
    """Texts marked as advertising by their publisher: left out, or shown with a label below the news."""
    paid: Literal["take", "leave_out"] = "take"
    """Whether to take articles behind a paywall; only their beginning can be read."""
    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points for its stories in this edition; overrides ``rank.section_weights``."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most stories of it in this edition; overrides ``rank.section_quotas``."""
    source_weights: dict[str, Annotated[float, Meta(gt=0, le=10)]] = field(default_factory=dict)
    """Source -> weight of its vote in this edition; overrides the source's ``weight``."""
    source_caps: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Source -> most stories in this edition that its article leads; ``*`` means every source that is not named."""
    must_have: tuple[str, ...] = ()
    """Sources that get at least one story in the letter, if they have one that was not told before."""
    window_hours: Annotated[float, Meta(gt=0, le=72)] = 26.0
    """Age limit of articles in hours, by their time of publication."""
    window_days: Annotated[int, Meta(ge=0, le=31)] = 0
    """Age limit in days, for weekly letters: stories with several articles come first; 0 means ``window_hours``."""
    catch_up_minutes: Annotated[int, Meta(ge=1)] = 180
    """How long after its time the edition may still start; after that it is refused."""
    expires_minutes: Annotated[int, Meta(ge=1)] = 360
    """How long after its time letters may still be sent; after that a delivery is expired."""
    compose_minutes_before: Annotated[int, Meta(ge=0, le=600)] = 20
    """How long before its time the edition is composed."""
    top_stories: Annotated[int, Meta(ge=1, le=12)] = 7
    """Most stories with bullets."""
    also_stories: Annotated[int, Meta(ge=0, le=12)] = 6
    """Most one-line stories."""
    in_depth_stories: Annotated[int, Meta(ge=0, le=3)] = 0
    """Most long reads after the top stories, each with one bullet; 0 means no such section."""
    in_depth_minutes: Annotated[int, Meta(ge=1, le=60)] = 5
    """Least reading time of a long read."""
    floor: Annotated[int, Meta(ge=1)] = 3
    """Least number of stories; with fewer, the edition is held or skipped."""
    below_floor: Literal["hold", "skip"] = "hold"
    """With fewer stories than ``floor``: hold the edition for the editor, or skip it."""
    words: Annotated[int, Meta(ge=100)] = 650
    """Most words of the letter."""
    approval: Literal["auto", "required"] = "auto"
    """Whether an editor must approve the edition before it is sent."""
    ask_useful: bool = False
    """Ask at the letter's end whether it was useful; answers are only counted (needs ``site.url``)."""
    poll: Annotated[str, Meta(max_length=200)] = ""
    """A question at the letter's end; readers choose one of ``poll_answers``, and answers are only counted."""
    poll_answers: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...], Meta(max_length=6)] = ()
    """The possible answers to ``poll``: two to six."""
    show_reply_address: bool = False
    """Show the address for replies at the letter's end."""
    approval_deadline_minutes: Annotated[int, Meta(ge=0)] = 0
    """With ``required``: send it without approval this long after its time; 0 means never."""
    subject_prefix: str = ""
    """Text before the headline in the subject."""
    subject: str = ""
    """Pattern of the subject with ``{headline}`` and, if wanted, ``{title}``, as in ``{title}: {headline}``; empty
    means the prefix and the headline."""
    brand: IdentitySettings = IdentitySettings()
    """Its own look and sender."""
    blocks: tuple[BlockSettings, ...] = ()
    """What it shows besides stories: a table [[editions.NAME.blocks]] for each."""
    opening_names: bool = True
    """The opening names two or three stories told in full if their names are sure; otherwise it counts the stories."""
    one_liner_names: bool = True
    """A one-line story begins with its name, if the name is sure and its headline lacks it."""
    whats_next: Literal["stories", "block", "off"] = "stories"
    """A sentence on a coming event: under its story, or in a block at the end, at most three in a letter."""
    number_of_day: bool = True
    """One sentence with a number of the day's news, if one is sure."""
    quote_of_day: bool = False
    """One sentence that quotes a person, who is named and introduced in it."""
    story_so_far: Annotated[int, Meta(ge=0, le=9)] = 3
    """Most earlier headlines under the update of a story; 0 means none."""
    agreed_numbers: bool = True
    """Prefer the sentence with a number that two outlets give; where outlets differ, name the outlet."""
    next_letter: bool = True
    """The end of the letter says when the next one comes."""
    light_story: bool = False
    """One light story of the one-liners is moved to the end of the letter."""
    share_line: bool = True
    """The end of the letter has a link that sends it to a friend."""
    reply_line: bool = True
    """The end of the letter has a link that answers it."""
    letter_sections: tuple[str, ...] = ()
    """Headings under which its top stories stand, in this order, as ["World", "Business"]; empty means no sections."""
    mark_paid: bool = True
    """Articles behind a paywall are marked as for subscribers."""

    @property
    def window(self) -> timedelta:
        """Age limit of articles, by their time of publication."""
        return timedelta(days=self.window_days) if self.window_days else timedelta(hours=self.window_hours)


WITHOUT_FINDS = {
    "opening_names": False,
    "one_liner_names": False,
    "whats_next": "off",
    "number_of_day": False,
    "quote_of_day": False,
    "story_so_far": 0,
    "agreed_numbers": False,
    "next_letter": False,
    "light_story": False,
    "share_line": False,
    "reply_line": False,
    "letter_sections": (),
    "mark_paid": False,
}
"""Settings of an edition that versions before these settings composed: it is made again without them."""
