"""Writes every letter that is tried, DKIM-signed and dated now, and the DNS records they are judged under.

python bench/letters.py OUT    ->  OUT/NAME.eml ..., OUT/zone.json
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from tests.letters.editions import Sample  # noqa: E402
from tests.letters.looks import all_samples  # noqa: E402

from digest.deliver.message.dkim import dns_records, new_key, signer_of  # noqa: E402 - the paths come first
from digest.deliver.message.splice import ReaderFields, prepare  # noqa: E402
from digest.model.edition import Edition  # noqa: E402
from digest.model.ids import EditionKey  # noqa: E402

DOMAIN, SELECTOR = "example.com", "n2026"
READER = ReaderFields(
    address="anna.berg@receiver.test",
    name="Anna Berg",
    message_id="20261123.morning.4f3a9c",
    unsubscribe="k1.r7.m1123.9QeVbT1xkZ0a4wYd",
    preferences="k1.r7.p.Zr0f8sLqJm2cVx6N",
)


def zone(records: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    """Return the DNS under which the letters are judged: SPF, DMARC, MX, PTR and the keys."""
    spf = {"TXT": ["v=spf1 ip4:198.18.0.10 -all"]}
    return {
        DOMAIN: {**spf, "MX": [f"10 mail.{DOMAIN}."], "A": ["198.18.0.10"]},
        f"bounces.{DOMAIN}": {**spf, "MX": [f"10 mail.{DOMAIN}."]},
        f"_dmarc.{DOMAIN}": {"TXT": [f"v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}"]},
        f"mail.{DOMAIN}": {**spf, "A": ["198.18.0.10"]},
        "10.0.18.198.in-addr.arpa": {"PTR": [f"mail.{DOMAIN}."]},
        **{name: {"TXT": [text]} for name, text in records.items()},
    }


def today(edition: Edition, now: datetime) -> Edition:
    """Return an edition as of today."""
    earlier = edition.earlier and EditionKey(name=edition.earlier.name, date=now.date())
    return replace(edition, key=EditionKey(name=edition.key.name, date=now.date()), cut=now, earlier=earlier)


def of_today(sample: Sample, now: datetime) -> Sample:
    """Return a sample as of today."""
    earlier = today(sample.earlier, now) if sample.earlier else None
    return replace(sample, edition=today(sample.edition, now), earlier=earlier)


def main(folder: Path) -> None:
    """Write the letters and the zone into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    signer = signer_of(new_key(DOMAIN, SELECTOR).pem, DOMAIN, SELECTOR)
    for sample in all_samples():
        letter = of_today(sample, now).rendered(now)
        message = prepare(letter, signer).splice(READER)
        (folder / f"{sample.name}.eml").write_bytes(message)
        print(f"{sample.name}: {len(letter.html.encode())} bytes of HTML, {len(message)} in all")
    records = {record.name: record.text for record in dns_records(signer)}
    (folder / "zone.json").write_text(json.dumps(zone(records), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
