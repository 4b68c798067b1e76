"""Sentence ends in hard sentences of news, all invented: in the files a bar marks each end within a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.text.sentences import sentences

FOLDER = Path(__file__).with_name("boundaries")
LANGUAGES = ("en", "de", "fr", "es", "ru", "ar")
LEAST_F1 = 0.993


def texts(name: str) -> list[str]:
    """Return the marked texts of a file: a line that ends with a bar goes on in the next one."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    kept = "\n".join(line for line in lines if not line.startswith("#"))
    return kept.replace("|\n", "|\v").replace("\n", "\f").replace("\v", "\n").split("\f")


def unmarked(marked: str) -> tuple[str, set[int]]:
    """Return a text without its bars, and where its sentences end."""
    parts = marked.split("|")
    text = "".join(parts)
    return text, {len("".join(parts[: n + 1])) for n in range(len(parts))}


def split(text: str, language: str) -> set[int]:
    return {end for _, end in sentences(text, language)}


OTHERS = [tuple(line.split(": ", 1)) for line in texts("others")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_end_where_a_reader_would_end_them(language: str) -> None:
    wrong = []
    hits = marked_ends = found_ends = 0
    for marked in texts(language):
        text, ends = unmarked(marked)
        found = split(text, language)
        hits += len(ends & found)
        marked_ends += len(ends)
        found_ends += len(found)
        wrong += [f"{text[:end]} || {text[end:]}" for end in sorted(ends ^ found)]
    assert 2 * hits / (marked_ends + found_ends) >= LEAST_F1, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_hundred_hard_sentences_are_tried(language: str) -> None:
    assert sum(len(unmarked(marked)[1]) for marked in texts(language)) >= 100


@pytest.mark.parametrize(("language", "marked"), OTHERS)
def test_no_sentence_of_another_language_breaks(language: str, marked: str) -> None:
    text, ends = unmarked(marked)
    assert split(text, language) == ends
