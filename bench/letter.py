"""What a letter costs: composing it once, and splicing it for each reader.

python bench/letter.py    ->  CPU milliseconds an edition, microseconds a reader
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import BRAND, MAIL, SITE, cyrillic, full_morning  # noqa: E402
from tests.letters.looks import all_on  # noqa: E402

from digest.deliver.message.dkim import new_key, signer_of  # noqa: E402 - the paths come first
from digest.deliver.message.splice import Prepared, ReaderFields, prepare  # noqa: E402
from digest.render.letter import render  # noqa: E402

READERS = 5_000
RENDERINGS = 20


def reader(number: int) -> ReaderFields:
    """Return the fields of one of many readers."""
    return ReaderFields(
        address=f"reader{number}@receiver.test",
        message_id=f"20261123.morning.{number}",
        unsubscribe=f"k1.r{number}.m1123.9QeVbT1xkZ0a4wYd",
        preferences=f"k1.r{number}.p.Zr0f8sLqJm2cVx6N",
    )


def cpu(times: int, act: Callable[[int], object]) -> float:
    """Return the CPU seconds that one of ``times`` acts took, the best of three rounds."""
    rounds = []
    for _ in range(3):
        start = time.process_time()
        for number in range(times):
            act(number)
        rounds.append((time.process_time() - start) / times)
    return min(rounds)


def spliced(letter: Prepared, readers: list[ReaderFields], number: int) -> bytes:
    """Return one reader's copy."""
    return letter.splice(readers[number])


def main() -> None:
    """Print the figures."""
    now = datetime.now(UTC)
    signer = signer_of(new_key("example.com", "n1").pem, "example.com", "n1")
    start = time.process_time()
    letter = render(full_morning(), None, SITE, BRAND, MAIL, date=now)
    print(f"first letter, imports included: {(time.process_time() - start) * 1e3:.0f} ms")
    each = cpu(RENDERINGS, lambda _: render(full_morning(), None, SITE, BRAND, MAIL, date=now))
    print(f"rendering an edition of {len(full_morning().items)} stories: {each * 1e3:.1f} ms")
    everything = all_on()
    each = cpu(RENDERINGS, lambda _: everything.rendered(now))
    print(f"rendering it with pictures, blocks and a brand of its own: {each * 1e3:.1f} ms")
    for name, made in (("full day", letter), ("cyrillic", render(cyrillic(), None, SITE, BRAND, MAIL, date=now))):
        ready, signed = prepare(made), prepare(made, signer)
        size = len(ready.splice(reader(1)))
        readers = [reader(number) for number in range(READERS)]
        plain = cpu(READERS, partial(spliced, ready, readers))
        both = cpu(200, partial(spliced, signed, readers))
        fields = cpu(READERS, reader)
        print(
            f"{name}, {size / 1024:.0f} KB: splice {plain * 1e6:.1f} us a reader (its fields {fields * 1e6:.1f}), "
            f"with two DKIM signatures {both * 1e6:.0f} us"
        )


if __name__ == "__main__":
    main()
