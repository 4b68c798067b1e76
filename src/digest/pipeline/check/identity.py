"""Checks of what an edition shows besides stories: its logo, its sender's picture beside the letter, its blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from digest.errors import BadPicture
from digest.model.block import LostBlock
from digest.model.finding import Finding, Level
from digest.pictures.logo import fit_logo
from digest.render.headers import sender_domain
from digest.settings import Settings, brand_of, mail_of

Blocks = Callable[[str], tuple[tuple[str, ...], tuple[LostBlock, ...]]]
"""Makes the blocks of an edition. Returns the kinds that could be made, and the blocks that could not."""


def logos(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each logo file."""
    brands = (settings.brand, *(brand_of(settings.brand, plan) for plan in settings.editions.values()))
    for file in dict.fromkeys(brand.logo for brand in brands if brand.logo):
        yield _logo(settings, file)


def _logo(settings: Settings, file: str) -> Finding:
    try:
        made = fit_logo((Path(settings.folder) / file).read_bytes())
    except (OSError, BadPicture) as error:
        words = f"{file}: {error}: letters show the wordmark in its place"
        return Finding(level=Level.ERROR, subject="logo", words=words)
    words = f"{file}: {made.width // 2} x {made.height // 2} in the letter, {len(made.data):,} bytes"
    return Finding(level=Level.OK, subject="logo", words=words)


def sender_domains(settings: Settings) -> tuple[str, ...]:
    """Return the From domains of all editions, that of ``mail.sender`` first."""
    plans = (None, *settings.editions.values())
    return tuple(dict.fromkeys(sender_domain(mail_of(settings.mail, plan)) for plan in plans))


def avatar(domain: str, found: tuple[Finding, ...]) -> Finding:
    """Return what is known of the picture that mail programs show beside the sender's name.

    ``found`` are the findings about the domain's DMARC policy, and one about BIMI when there is a BIMI record.
    """
    subject = f"avatar of {domain}"
    if any(one.subject.startswith("BIMI") and one.level is Level.OK for one in found):
        return Finding(level=Level.OK, subject=subject, words="by BIMI, in the mail programs that show it")
    words = "mail programs show a letter of the name: publish a BIMI record (docs/howto/brand.md)"
    return Finding(level=Level.OK, subject=subject, words=words)


def names(settings: Settings) -> Iterator[Finding]:
    """Yield a warning for each edition whose letters show three names: the wordmark, the sender's, and the site's.

    The sender's name is the title of the edition. A letter with three names looks like a forged one.
    """
    for name, plan in settings.editions.items():
        wordmark = brand_of(settings.brand, plan).wordmark or plan.title
        shown_names = (wordmark, plan.title, settings.site.name)
        if len({one.casefold().strip() for one in shown_names}) == len(shown_names):
            listed = ", ".join(repr(one) for one in shown_names)
            words = f"a letter shows three names (wordmark, sender, site): {listed}: let two of them be the same"
            yield Finding(level=Level.WARNING, subject=f"names of {name}", words=words)


def blocks(settings: Settings, make: Blocks) -> Iterator[Finding]:
    """Make the blocks of each edition once; yield an error for each that fails."""
    for name, plan in settings.editions.items():
        if plan.blocks:
            made, lost = make(name)
            for one in lost:
                yield Finding(level=Level.ERROR, subject=f"block {one.kind} of {name}", words=one.why)
            if not lost:
                words = f"made: {', '.join(made)}" if made else "nothing to show today"
                yield Finding(level=Level.OK, subject=f"blocks of {name}", words=words)
