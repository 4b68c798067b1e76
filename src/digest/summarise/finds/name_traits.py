"""How sure a name stands for a story: traits with weights."""
# ruff: noqa: RUF001

from __future__ import annotations

import re
from typing import Literal

from digest.summarise.finds.name_events import BESIDE, BROAD
from digest.summarise.finds.name_places import wide_places
from digest.summarise.finds.name_words import HEADS, TITLES
from digest.summarise.finds.telling import Telling, count, has, uses
from digest.text.patterns import compiled
from digest.summarise.finds.name_runs import runs

Kind = Literal["person", "name", "word", "place", "wide", "event", "phrase"]
W = {
    "person": 1.5, "name": 1.2, "word": 0.2, "place": -0.2, "wide": -2.5, "event": 1.6, "phrase": 2.0,
    "starts": 1.3, "late": -1.5, "earlier names": -0.8, "shared": 1.4, "lead sentence": 0.7, "mentions": 0.12, "share": 3.0,
    "broad": -4.0, "head": -1.2, "listed": -1.5, "beside": -3.0, "possessive": -0.5, "joined": -2.5, "behind a preposition": -0.6,
    "unseen in headline": -0.8, "broad event": -1.3, "title shared": 0.0, "label": 0.6,
}

def traits(run: str, words: str, kind: Kind, told: Telling) -> dict[str, float]:
    h = told.headline
    low = h.casefold()
    t: dict[str, float] = {kind: 1.0}
    at = low.find(run.casefold())
    t["unseen in headline"] = float(at < 0)
    key = (run if kind in ("event", "phrase") else run.rsplit(maxsplit=1)[-1]).casefold()
    others = told.titles[1:]
    if others:
        t["shared"] = 2 * (sum(key in x.casefold() for x in others) / len(others)) - 0.6
    first = told.texts[:300]
    if kind == "phrase":
        t["mentions"] = min(count(told.texts, run.casefold()), 8); t["lead sentence"] = float(run.casefold() in first.casefold()); t["share"] = 0.3
    elif kind == "event":
        name = [w for w in run.split() if w[:1].isupper()][-1].split("-")[0]
        t["mentions"] = min(count(told.texts, words), 8); t["lead sentence"] = float(has(first, name)); t["share"] = min(1.0, count(told.texts, name) / told.most) - 0.4
    else:
        t["mentions"] = min(count(told.texts, run), 8)
        t["lead sentence"] = float(has(first, run.rsplit(maxsplit=1)[-1]))
        t["share"] = min(1.0, count(told.texts, run) / told.most) - 0.4
    head = run.casefold()
    if kind not in ("event", "phrase"):
        t["broad"] = float(head in BROAD or words.casefold() in BROAD)
        name = re.escape(run.rsplit(maxsplit=1)[-1])
        before = rf"(?<!vice )(?<!\w)(?i:{HEADS[told.language]})\s(?:[^\W\d_a-zà-ÿ]\S*\s){{0,2}}"
        t["head"] = float(bool(re.search(rf"{before}{name}(?!\w)(?! Jr)", told.texts)))
    else:
        t["broad event"] = float(any(b in head for b in BROAD if len(b) > 4))
        t["late"] = 0.4 * (at > 0.6 * len(h))
    if at >= 0 and kind not in ("event", "phrase"):
        before, behind = h[:at], h[at + len(run):]
        opening = re.sub(r"^.{0,40}[:–—] ", "", before)
        lead_words = opening.split()
        t["starts"] = float(all(w.strip(".,").casefold() in TITLES or len(w) < 2 for w in lead_words) or (len(lead_words) <= 3 and kind == "person" and not any(x for x in runs(told) if x != run and h.find(x) < at)))
        t["late"] = float(at > 0.6 * len(h))
        t["label"] = float(not before and behind.startswith(":"))
        t["earlier names"] = float(sum(1 for x in runs(told) if x not in run and x.casefold() not in BROAD and 0 <= h.find(x) < at))
        t["joined"] = float(bool(compiled(r" [^\W\d_a-zà-ÿ]").match(behind)) and told.language != "de")
        listed = compiled(r"(?:,| and| und| et| y| &| or) [^\W\d_a-zà-ÿ]").match(behind) or (compiled(r"[A-ZÄÖÜ][\w-]+(?:,| and| und| et| y| &| or) \Z").search(before))
        t["listed"] = float(bool(listed))
        t["beside"] = float(bool(re.match(rf"(?:['’]s?)? (?:\w+ )?(?:{BESIDE})\b", behind))) if told.language == "en" else 0.0
        if kind == "person" and re.match(r" campaign", behind): t["beside"] = 0
        t["possessive"] = float(bool(re.match(r"['’]", behind)))
        t["behind a preposition"] = float(bool(re.search(r"(?i:\b(?:in|at|from|near|on|with|by|for|to|of|über|mit|von|à|de|en|con|par|avec)) \Z", before)))
    return t

def sureness(t):
    parts = {n: W.get(n, 0) * v for n, v in t.items() if v}
    return sum(parts.values()), parts
