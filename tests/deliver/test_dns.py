"""What receivers will find in the DNS, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from digest.deliver.dns import Level, Lookup, LookupFailed, findings

GOOD = {
    ("paper.example", "TXT"): ["google-site-verification=x", "v=spf1 include:relay.example -all"],
    ("_dmarc.paper.example", "TXT"): ["v=DMARC1; p=reject"],
    ("paper.example", "MX"): ["10 mx.paper.example."],
    ("n1._domainkey.paper.example", "TXT"): ["v=DKIM1; k=rsa; p=MIIB"],
    ("10.2.0.192.in-addr.arpa.", "PTR"): ["mail.paper.example."],
    ("mail.paper.example.", "A"): ["192.0.2.10"],
}


def looked_up(**changes: Sequence[str]) -> Lookup:
    table = dict(GOOD)
    for name, kind in GOOD:
        key = f"{kind}_{name.split('.')[0].strip('_')}"
        if key in changes:
            table[name, kind] = list(changes[key])
    return lambda name, kind: table.get((name, kind), [])


def levels(lookup: Lookup) -> list[Level]:
    return [one.level for one in findings("paper.example", selector="n1", ip="192.0.2.10", lookup=lookup)]


def test_a_domain_in_order_has_nothing_to_mend() -> None:
    assert levels(looked_up()) == [Level.OK] * 5


@pytest.mark.parametrize(
    ("place", "changes", "level", "words"),
    [
        (0, {"TXT_paper": []}, Level.ERROR, "missing"),
        (0, {"TXT_paper": ["v=spf1 -all", "v=spf1 ~all"]}, Level.ERROR, "join them"),
        (0, {"TXT_paper": ["v=spf1 +all"]}, Level.ERROR, "anybody"),
        (1, {"TXT_dmarc": []}, Level.ERROR, "missing"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=none"]}, Level.WARNING, "only watches"),
        (2, {"MX_paper": []}, Level.WARNING, "bounces"),
        (2, {"MX_paper": ["0 ."]}, Level.ERROR, "null MX"),
        (3, {"TXT_n1": []}, Level.ERROR, "missing"),
        (3, {"TXT_n1": ["v=DKIM1; p="]}, Level.ERROR, "revoked"),
        (4, {"PTR_10": []}, Level.ERROR, "missing"),
        (4, {"A_mail": ["192.0.2.99"]}, Level.ERROR, "lead back"),
    ],
)
def test_each_mistake_is_named(place: int, changes: dict[str, list[str]], level: Level, words: str) -> None:
    found = findings("paper.example", selector="n1", ip="192.0.2.10", lookup=looked_up(**changes))
    assert found[place].level is level
    assert words in found[place].words
    assert [one.level for n, one in enumerate(found) if n != place] == [Level.OK] * 4


def test_a_silent_name_server_is_no_missing_record() -> None:
    def silent(name: str, kind: str) -> Sequence[str]:
        raise LookupFailed(f"{name} {kind}")

    assert {one.level for one in findings("paper.example", lookup=silent)} == {Level.WARNING}
