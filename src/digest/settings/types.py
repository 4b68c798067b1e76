"""Types that several sections of the settings use."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Kind = Literal["news", "sport", "feature", "opinion", "guide", "review", "list", "live", "interview", "promo"]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
