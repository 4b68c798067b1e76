"""What makes a story important, and the editions."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from digest.settings.types import Kind, Text, Weekday


class RankSettings(Struct, frozen=True, kw_only=True):
    """What makes a story important."""

    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points added to the score of its stories, whatever language its name has."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most of its stories in one edition."""
    sport_quota: Annotated[int, Meta(ge=0)] = 4
    """Most sport stories where no quota names sport; 0: no limit. An edition of sport, or mostly so, has none."""
    owners: dict[str, str] = field(default_factory=dict)
    """Publisher -> owner: publishers of one owner cast one vote."""
    coverage: Annotated[float, Meta(ge=0)] = 1.0
    """Points for each doubling of the independent outlets."""
    velocity: Annotated[float, Meta(ge=0)] = 0.15
    """Points for each doubling of the owners that joined within ``velocity_hours``."""
    velocity_hours: Annotated[float, Meta(gt=0)] = 6.0
    """How recent an outlet's joining must be to count for velocity."""
    freshness: Annotated[float, Meta(ge=0)] = 0.3
    """Points of a story whose latest article is of this minute."""
    freshness_half_life_hours: Annotated[float, Meta(gt=0)] = 12.0
    """Age at which freshness counts half."""
    prominence: Annotated[float, Meta(ge=0)] = 0.4
    """Points for the first place in a source's own order; fewer further down."""
    front_page: Annotated[float, Meta(ge=0)] = 1.0
    """Points between what leads a paper's front page and what is not on it; they order the articles of one paper."""
    told: Annotated[float, Meta(ge=0)] = 1.0
    """Points that a story loses when an earlier edition told it."""
    news_value: Annotated[float, Meta(ge=0)] = 3.0
    """Points for each degree of importance (of 3) that a story has by itself; fewer where independent outlets agree."""
    after_news: Annotated[float, Meta(ge=0)] = 2.0
    """Points that opinions, guides, reviews, lists and promotions lose."""
    diversity: Annotated[float, Meta(ge=0)] = 1.5
    """Points lost by a story in the very words of a better one; less by its likeness."""
    diversity_depth: Annotated[int, Meta(ge=1, le=1000)] = 60
    """How many of the best stories are compared with each other."""


class EditionSettings(Struct, frozen=True, kw_only=True):
    """One letter that readers can subscribe to."""

    title: Text
    """What the letter is called: its headline and its sender's name."""
    greeting: Literal["morning", "evening"] = "morning"
    """Which template, greeting and colours the letter has."""
    at: time = time(6, 0)
    """Wall time at which it goes out, in its zone."""
    weekend_at: time | None = None
    """Another time on Saturday and Sunday; the same when missing."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    """Days of the week on which it comes."""
    kind: Literal["scheduled", "on_demand", "breaking"] = "scheduled"
    """``on_demand`` and ``breaking`` come when `digest send` asks for them; a ``breaking`` letter tells one story."""
    most_a_day: Annotated[int, Meta(ge=1, le=24)] = 3
    """Most letters of an edition on demand, or of breaking news, in one day of its zone; more are refused."""
    holidays: tuple[date, ...] = ()
    """Dates, such as 2026-12-25, on which it does not come as on other days."""
    holidays_file: str = ""
    """Calendar (.ics, RFC 5545) whose events are holidays as well; from the configuration's folder."""
    on_holidays: Literal["skip", "weekend"] = "skip"
    """What happens on a holiday: it does not come, or comes at ``weekend_at``."""
    zone: Text = "UTC"
    """IANA name of the zone of its times and dates."""
    language: Text = "en"
    """Language of the letter, and of the articles that it takes."""
    follows: str | None = None
    """Name of the edition of the same day whose stories this one updates."""
    sources: tuple[str, ...] = ()
    """Names of the sources it takes; all when empty."""
    exclude_sources: tuple[str, ...] = ()
    """Names of sources that it does not take."""
    sections: tuple[str, ...] = ()
    """Sections it takes, as articles or sources name them, in any language (sport takes Deportes); all when empty."""
    exclude_sections: tuple[str, ...] = ()
    """Sections it does not take."""
    include_words: tuple[str, ...] = ()
    """Words of which an article's title, subtitle or tags must have one; ``budget*`` means each that begins so."""
    exclude_words: tuple[str, ...] = ()
    """Words of which an article's title, subtitle or tags may have none."""
    include_authors: tuple[str, ...] = ()
    """Authors whose articles it takes; all when empty."""
    exclude_authors: tuple[str, ...] = ()
    """Authors whose articles it does not take."""
    exclude_kinds: tuple[Kind, ...] = ()
    """Kinds of texts that it does not take, such as opinion or live."""
    advertorials: Literal["leave_out", "label"] = "leave_out"
    """What becomes of texts that their publisher marks as advertising: left out, or told below the news, labelled."""
    paid: Literal["take", "leave_out"] = "take"
    """Whether it takes articles behind a paywall, of which only the beginning can be read."""
    section_weights: dict[str, float] = field(default_factory=dict)
    """Section -> points that its stories get here, in place of those of ``rank.section_weights``."""
    section_quotas: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Section -> most stories of it here, in place of those of ``rank.section_quotas``."""
    source_weights: dict[str, Annotated[float, Meta(gt=0, le=10)]] = field(default_factory=dict)
    """Source -> how much its word counts here, in place of its own ``weight``."""
    source_caps: dict[str, Annotated[int, Meta(ge=0)]] = field(default_factory=dict)
    """Source -> most stories here that its article leads; ``*`` means each that is not named."""
    must_have: tuple[str, ...] = ()
    """Names of sources of which the letter tells a story whenever they have one that was not told."""
    window_hours: Annotated[float, Meta(gt=0, le=72)] = 26.0
    """How far back an article may have been published."""
    window_days: Annotated[int, Meta(ge=0, le=31)] = 0
    """The same in days, for weekly letters, in which stories with several articles come first; 0: ``window_hours``."""
    catch_up_minutes: Annotated[int, Meta(ge=1)] = 180
    """How long after its time the edition may still start; later it is refused."""
    expires_minutes: Annotated[int, Meta(ge=1)] = 360
    """How long after its time a letter may still leave; later its delivery is expired."""
    compose_minutes_before: Annotated[int, Meta(ge=0, le=600)] = 20
    """How long before its time it is composed."""
    top_stories: Annotated[int, Meta(ge=1, le=12)] = 7
    """Most stories with bullets."""
    also_stories: Annotated[int, Meta(ge=0, le=12)] = 6
    """Most one-line stories."""
    in_depth_stories: Annotated[int, Meta(ge=0, le=3)] = 0
    """Most long reads, each with one bullet, after the top stories; 0 leaves the section out."""
    in_depth_minutes: Annotated[int, Meta(ge=1, le=60)] = 5
    """Reading time from which an article is a long read."""
    floor: Annotated[int, Meta(ge=1)] = 3
    """Fewer stories than this and the edition is held or skipped."""
    below_floor: Literal["hold", "skip"] = "hold"
    """What happens below the floor: hold it for the editor, or skip it."""
    words: Annotated[int, Meta(ge=100)] = 650
    """Most words of the letter."""
    approval: Literal["auto", "required"] = "auto"
    """Whether an editor must approve the edition before it goes."""
    approval_deadline_minutes: Annotated[int, Meta(ge=0)] = 0
    """With ``required``: so long after its time it goes anyway; 0 means never."""
    subject_prefix: str = ""
    """Words before the headline in the subject."""

    @property
    def window(self) -> timedelta:
        """How far back an article may have been published."""
        return timedelta(days=self.window_days) if self.window_days else timedelta(hours=self.window_hours)
