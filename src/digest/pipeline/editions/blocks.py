"""The blocks of an edition: their data is fetched, and each is made in a process of its own.

settings ─ due today ─▶ source, picture ─ ask (its own process) ─▶ HTML and text ─ clean ─▶ Block

The blocks are stored with the edition. A letter leaves without a block that fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from digest.blocks.fragment import clean
from digest.blocks.process import ask
from digest.blocks.shape import NoBlock, Question, ShownPicture
from digest.data import data_folder
from digest.errors import BadPicture, FetchError, ItemSetAside
from digest.logs import get_logger
from digest.model.block import Block, BlockPlace, LostBlock
from digest.model.ids import EditionKey
from digest.model.letter import Picture
from digest.model.quarantine import Guard, ItemKind, unguarded
from digest.pictures.fit import fit
from digest.pipeline.runtime import Runtime
from digest.render.catalogue import catalogue
from digest.render.links import picture_link, safe_link
from digest.settings import BlockSettings, EditionSettings, brand_of
from digest.text.glyphs import shown

BLOCKS, LOST = "blocks", "lost_blocks"
AT_ONCE = 4
MOST_BYTES = 1 << 20
"""Most bytes of a block's data."""
ALT = 300

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The blocks of an edition that could be made, and those that could not."""

    made: tuple[Block, ...] = ()
    lost: tuple[LostBlock, ...] = ()


def make_blocks(runtime: Runtime, key: EditionKey, guard: Guard = unguarded) -> Blocks:
    """Make the blocks that the settings of an edition require on its date.

    Raises nothing: blocks that fail are in ``lost``.
    """
    plan = runtime.settings.editions[key.name]
    due = [block for block in plan.blocks if _is_due(block, key)]
    if not due:
        return Blocks()
    with ThreadPoolExecutor(min(AT_ONCE, len(due))) as threads:
        found = list(threads.map(partial(_made, runtime, key, plan, guard), due))
    blocks = Blocks(
        made=tuple(one for one in found if isinstance(one, Block)),
        lost=tuple(one for one in found if isinstance(one, LostBlock)),
    )
    for lost in blocks.lost:
        log.warning("block left out", edition=str(key), block=lost.kind, why=lost.why)
    runtime.kept.put(BLOCKS, (key, plan.blocks), blocks)
    return blocks


def tried_blocks(runtime: Runtime, name: str) -> tuple[tuple[str, ...], tuple[LostBlock, ...]]:
    """Make the blocks of an edition for today, as a check.

    Return the kinds that were made, and the blocks that failed.
    """
    today = runtime.clock().astimezone(ZoneInfo(runtime.settings.editions[name].zone)).date()
    blocks = make_blocks(runtime, EditionKey(name=name, date=today))
    return tuple(block.kind for block in blocks.made), blocks.lost


def known_blocks(runtime: Runtime, key: EditionKey) -> Blocks:
    """Return the blocks that this process made last for these settings. If there are none, make them."""
    found = runtime.kept.get(BLOCKS, (key, runtime.settings.editions[key.name].blocks))
    return found if isinstance(found, Blocks) else make_blocks(runtime, key)


def lost_in(seen: Mapping[str, object]) -> tuple[LostBlock, ...]:
    """Return the blocks that could not be made, from a stored edition's record (``seen``)."""
    found = seen.get(LOST, ())
    return tuple(LostBlock(**one) for one in found) if isinstance(found, list) else ()


def in_record(lost: Sequence[LostBlock]) -> list[dict[str, str]]:
    """Return the blocks that could not be made in the form that is stored with an edition."""
    return [{"kind": one.kind, "why": one.why} for one in lost]


def _is_due(block: BlockSettings, key: EditionKey) -> bool:
    return (block.first is None or block.first <= key.date) and (block.last is None or key.date <= block.last)


def _made(
    runtime: Runtime, key: EditionKey, plan: EditionSettings, guard: Guard, block: BlockSettings
) -> Block | LostBlock | None:
    try:
        with guard(ItemKind.BLOCK, f"{key}/{block.kind}", b""):
            return _asked(runtime, key, plan, guard, block)
    except ItemSetAside:
        return LostBlock(kind=block.kind, why="digest itself failed at it: `digest quarantine list`")


def _asked(
    runtime: Runtime, key: EditionKey, plan: EditionSettings, guard: Guard, block: BlockSettings
) -> Block | LostBlock | None:
    try:
        picture = _picture(runtime, block, guard)
        question = _question(runtime, key, plan, block, picture)
        made = ask(block.kind, question, _folders(runtime, plan), block.seconds)
        html = clean(made.html, safe_link, question.picture.url if question.picture else "") if made else ""
    except (NoBlock, FetchError, OSError) as error:
        words = error.reason if isinstance(error, FetchError) else str(error)  # an address may hold a key
        return LostBlock(kind=block.kind, why=" ".join(words.split()))
    if made is None:
        return None
    text = "\n".join(line.rstrip() for line in made.text.strip().splitlines())
    return Block(kind=block.kind, place=BlockPlace(block.place), html=html, text=text, picture=picture)


def _question(
    runtime: Runtime, key: EditionKey, plan: EditionSettings, block: BlockSettings, picture: Picture | None
) -> Question:
    words = catalogue(plan.language, brand_of(runtime.settings.brand, plan).templates)
    return Question(
        day=key.date,
        language=plan.language,
        zone=plan.zone,
        title=shown(block.title),
        text=shown(block.text),
        link=safe_link(block.link),
        sponsor=shown(block.sponsor),
        picture=_shown(runtime, block, picture) if picture else None,
        data=_data(runtime, block.source, block.seconds) if block.source else b"",
        options=block.options,
        phrases={name: phrase for name, phrase in words.phrases.items() if isinstance(phrase, str)},
    )


def _shown(runtime: Runtime, block: BlockSettings, picture: Picture) -> ShownPicture:
    return ShownPicture(
        url=picture_link(runtime.settings.site, picture.name),
        width=picture.width // 2,
        height=picture.height // 2,
        alt=shown(block.alt, ALT),
    )


def _folders(runtime: Runtime, plan: EditionSettings) -> tuple[str, ...]:
    own = brand_of(runtime.settings.brand, plan).templates
    return (*((own,) if own else ()), str(data_folder() / "templates"))


def _data(runtime: Runtime, source: str, seconds: float) -> bytes:
    """Return the contents of a file or a URL. Raises NoBlock, FetchError and OSError."""
    if source.startswith(("http://", "https://")):
        if runtime.data is None:
            raise NoBlock("its source cannot be fetched here")
        return runtime.data(source, seconds)
    with (Path(runtime.settings.folder) / source).open("rb") as file:
        found = file.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise NoBlock(f"{source} has more than {MOST_BYTES:,} bytes")
    return found


def _picture(runtime: Runtime, block: BlockSettings, guard: Guard) -> Picture | None:
    """Return the picture of a block, stored for our site. None when the block has none, or when it cannot be shown.

    Then the block is shown without it.
    """
    if not block.picture or not runtime.settings.site.url:
        return None
    pictures = runtime.stores.pictures
    with suppress(ItemSetAside):
        try:
            data = _data(runtime, block.picture, block.seconds)
            name = f"block:{sha256(data).hexdigest()}"
            if (known := pictures.of(name)) is None or not known.name:
                with guard(ItemKind.PICTURE, name, data):
                    made = fit(data)
                pictures.keep(name, made.data, made.width, made.height, runtime.clock())
                known = pictures.of(name)
        except (FetchError, BadPicture, NoBlock, OSError) as error:
            log.warning("no picture of a block", block=block.kind, why=type(error).__name__)
            return None
        return Picture(name=known.name, width=known.width, height=known.height) if known else None
    return None
