"""How many stories of a letter each section and source may have: weights, quotas, caps, and required sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from msgspec import structs

from digest.edition.memory import MemoryVerdict
from digest.edition.telling import Telling
from digest.model.ids import SourceId
from digest.model.kind import TextKind
from digest.model.source import Source
from digest.model.story import Story
from digest.settings import EditionSettings, RankSettings
from digest.text.sections import section_key, sections_of

EACH = "*"
"""Key in ``source_caps`` that stands for every source without a cap of its own."""
SPORT = "sport"
Sources = Mapping[SourceId, Source]


def as_told(plan: EditionSettings) -> EditionSettings:
    """Return the settings used to lay out an edition. An edition of breaking news gets one story, told in full."""
    if plan.kind != "breaking":
        return plan
    return structs.replace(plan, top_stories=0, also_stories=0, in_depth_stories=0, floor=1)


def rank_for(rank: RankSettings, plan: EditionSettings) -> RankSettings:
    """Return the settings of the ranking for one edition: its own section weights replace the general ones."""
    return structs.replace(rank, section_weights=_merged(rank.section_weights, plan.section_weights))


def weighed(sources: Sources, plan: EditionSettings) -> dict[SourceId, Source]:
    """Return the sources with the weights that one edition gives them."""
    return {
        key: replace(source, weight=plan.source_weights.get(source.name, source.weight))
        for key, source in sources.items()
    }


def _merged(general: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """Return the weights by section key. The edition's ``own`` weights replace the ``general`` ones."""
    return {section_key(name): value for values in (general, own) for name, value in values.items()}


def shared(
    tellings: Sequence[Telling], plan: EditionSettings, rank: RankSettings, sources: Sources
) -> tuple[Telling, ...]:
    """Return the tellings, with required sources moved up, and ``held_back`` set where a quota or cap is full.

    Told stories without news do not count for a quota, since the letter does not print them.
    """
    quotas = _quotas(tellings, plan, rank, sources)
    taken: Counter[tuple[str, str]] = Counter()
    found = tuple(_within(telling, quotas, plan, sources, taken) for telling in tellings)
    if plan.kind == "breaking":
        return tuple(telling for telling in found if _is_fresh(telling))
    return _with_must_haves(found, plan, sources)


def _stands_in(story: Story, sources: Sources) -> frozenset[str]:
    """Return the keys of the sections to which a story counts."""
    lead = story.articles[0]
    own = frozenset({SPORT}) if story.kind is TextKind.SPORT else frozenset[str]()
    return own | sections_of(lead, sources.get(lead.source_id))


def _quotas(
    tellings: Sequence[Telling], plan: EditionSettings, rank: RankSettings, sources: Sources
) -> dict[str, tuple[int, str]]:
    """Return the quotas: for each section key, the most stories and the name of the setting."""
    default = rank.sport_quota
    sport = sum(SPORT in _stands_in(telling.story, sources) for telling in tellings)
    wanted = SPORT in map(section_key, plan.sections)
    found = {SPORT: (default, "rank.sport_quota")} if default and not wanted and 2 * sport <= len(tellings) else {}
    found |= {section_key(name): (most, "rank.section_quotas") for name, most in rank.section_quotas.items()}
    return found | {section_key(name): (most, "section_quotas") for name, most in plan.section_quotas.items()}


def _is_fresh(telling: Telling) -> bool:
    return telling.recollection.verdict is not MemoryVerdict.STILL_COVERED and not telling.story.held_back


def _within(
    telling: Telling,
    quotas: Mapping[str, tuple[int, str]],
    plan: EditionSettings,
    sources: Sources,
    taken: Counter[tuple[str, str]],
) -> Telling:
    """Return a telling, with ``held_back`` set if its section or source is full. ``taken`` counts those let in."""
    if not _is_fresh(telling):
        return telling
    limits = {("section", key): quotas[key] for key in _stands_in(telling.story, sources) & quotas.keys()}
    name = _source(telling.story, sources)
    cap = plan.source_caps.get(name, plan.source_caps.get(EACH))
    if cap is not None:
        limits["source", name] = (cap, "source_caps")
    for (what, key), (most, setting) in sorted(limits.items()):
        if taken[what, key] >= most:
            reason = f"{what} {key} has its {most} ({setting})"
            return replace(telling, story=replace(telling.story, held_back=reason))
    taken.update(limits.keys())
    return telling


def _source(story: Story, sources: Sources) -> str:
    source = sources.get(story.articles[0].source_id)
    return source.name if source else ""


def _names(story: Story, sources: Sources) -> set[str]:
    return {sources[article.source_id].name for article in story.articles if article.source_id in sources}


def missing_sources(stories: Iterable[Story], plan: EditionSettings, sources: Sources) -> tuple[str, ...]:
    """Return the required sources (``must_have``) that have none of these stories, in the order of the settings."""
    there = {name for story in stories for name in _names(story, sources)}
    return tuple(name for name in plan.must_have if name not in there)


def within_reach(stories: Sequence[Story], plan: EditionSettings, sources: Sources, most: int) -> tuple[Story, ...]:
    """Return the first ``most`` stories. Add the best later story of each required source that is not among them."""
    missing = missing_sources(stories[:most], plan, sources)
    best = {name: next((s for s in stories[most:] if name in _names(s, sources)), None) for name in missing}
    wanted = {story.id for story in best.values() if story is not None}
    return (*stories[:most], *(story for story in stories[most:] if story.id in wanted))


def _with_must_haves(tellings: Sequence[Telling], plan: EditionSettings, sources: Sources) -> tuple[Telling, ...]:
    """Return the tellings, with one story of each required source that has no story told in full moved up.

    It is the source's best story, and takes one of the last places of stories told in full.
    """
    fresh = [telling for telling in tellings if _is_fresh(telling)]
    full = fresh[: plan.top_stories + 1]
    wanted: list[Telling] = []
    for name in missing_sources((telling.story for telling in full), plan, sources):
        best = next((t for t in fresh[len(full) :] if name in _names(t.story, sources)), None)
        if best is not None and best not in wanted:
            wanted.append(best)
    if not wanted:
        return tuple(tellings)
    needed = {telling.story.id for telling in full if _is_needed(telling, plan, sources)}
    spare = [telling for telling in full[1:] if telling.story.id not in needed][-len(wanted) :]
    before = spare[0] if spare else None
    rest = [telling for telling in tellings if telling not in wanted]
    at = rest.index(before) if before is not None else min(len(full), len(rest))
    return (*rest[:at], *wanted, *rest[at:])


def _is_needed(telling: Telling, plan: EditionSettings, sources: Sources) -> bool:
    return not _names(telling.story, sources).isdisjoint(plan.must_have)
