"""What receivers will find in the DNS, in words."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest.deliver.dns.domain import Lookup, LookupFailed, aligned, findings, key_findings, pointers, policy_findings
from digest.deliver.dns.spf_tree import needs_of
from digest.deliver.message.dkim import new_key
from digest.model.finding import Finding, Level

DER, SUBJECT_INFO = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
KEY = new_key("paper.example", "n1").records[0].text
_SHORT = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 - a key that is too short is what is told
SHORT_KEY = "v=DKIM1; k=rsa; p=" + base64.b64encode(_SHORT.public_bytes(DER, SUBJECT_INFO)).decode()
GOOD = {
    ("relay.example", "TXT"): ["v=spf1 ip4:8.8.4.0/24 -all"],
    ("paper.example", "TXT"): ["google-site-verification=x", "v=spf1 include:relay.example -all"],
    ("_dmarc.paper.example", "TXT"): ["v=DMARC1; p=reject"],
    ("paper.example", "MX"): ["10 mx.paper.example."],
    ("n1._domainkey.paper.example", "TXT"): [KEY],
    ("mx.paper.example", "A"): ["8.8.4.9"],
    ("mx.paper.example", "AAAA"): [],
    ("mail.paper.example", "A"): ["8.8.4.7"],
    ("mail.paper.example", "AAAA"): ["2001:4860::8"],
    ("7.4.8.8.in-addr.arpa.", "PTR"): ["mail.paper.example."],
    (f"8.{'0.' * 23}0.6.8.4.1.0.0.2.ip6.arpa.", "PTR"): ["mail.paper.example."],
    ("mail.paper.example.", "A"): ["8.8.4.7"],
    ("mail.paper.example.", "AAAA"): ["2001:4860::8"],
}


def looked_up(**changes: Sequence[str]) -> Lookup:
    table = dict(GOOD)
    for name, kind in GOOD:
        key = f"{kind}_{name.split('.')[0].strip('_')}"
        if key in changes:
            table[name, kind] = list(changes[key])
    return lambda name, kind: table.get((name, kind), [])


def found(lookup: Lookup) -> list[Finding]:
    records = findings("paper.example", selector="n1", lookup=lookup)
    order = ("SPF", "DMARC", "MX", "DKIM")
    records = tuple(sorted(records, key=lambda one: order.index(one.subject.split()[0])))
    return [*records, *pointers("mail.paper.example", "paper.example", lookup=lookup)]


def test_a_domain_in_order_has_nothing_to_mend() -> None:
    assert [one.level for one in found(looked_up())] == [Level.OK] * 6


@pytest.mark.parametrize(
    ("place", "changes", "level", "words"),
    [
        (0, {"TXT_paper": []}, Level.ERROR, "missing"),
        (0, {"TXT_paper": ["v=spf1 mx -all", "v=spf1 mx ~all"]}, Level.ERROR, "join them"),
        (0, {"TXT_paper": ["v=spf1 +all"]}, Level.ERROR, "anybody"),
        (1, {"TXT_dmarc": []}, Level.ERROR, "missing"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=none"]}, Level.WARNING, "only watches"),
        (0, {"TXT_paper": ["v=spf1 -all"]}, Level.ERROR, "nobody"),
        (0, {"TXT_paper": ["v=spf1 ip4:8.8.4 -all"]}, Level.ERROR, "no term"),
        (
            0,
            {"TXT_paper": ["v=spf1 a mx " + " ".join(f"exists:e{n}.example" for n in range(9)) + " -all"]},
            Level.ERROR,
            "11",
        ),
        (0, {"TXT_paper": ["v=spf1 include:gone.example -all"]}, Level.ERROR, "gone.example"),
        (0, {"TXT_paper": ["v=spf1 redirect=gone.example"]}, Level.ERROR, "gone.example"),
        (0, {"TXT_paper": ['"v=spf1 include:relay.example -all"']}, Level.ERROR, "quotation marks"),
        (0, {"TXT_paper": ['\\"v=spf1 mx -all\\"']}, Level.ERROR, "quotation marks"),
        (2, {"A_mx": []}, Level.ERROR, "mx.paper.example has no address"),
        (2, {"A_mx": ["127.0.0.1"]}, Level.ERROR, "mx.paper.example has no address"),
        (2, {"AAAA_mx": ["::1"], "A_mx": []}, Level.ERROR, "mx.paper.example has no address"),
        (2, {"MX_paper": ["10 mx.paper.example.", "20 old.paper.example."]}, Level.WARNING, "old.paper.example has no"),
        (0, {"TXT_paper": ["v=spf1 include:paper.example -all"]}, Level.ERROR, "includes paper.example itself"),
        (0, {"TXT_relay": ["v=spf1 +all"]}, Level.ERROR, "lets anybody send"),
        (0, {"TXT_paper": ["v=spf1 ip4:8.8.4.300 -all"]}, Level.ERROR, "no term"),
        (0, {"TXT_paper": ["v=spf1 ip6:2001:4860::/129 -all"]}, Level.ERROR, "no term"),
        (0, {"TXT_paper": ["v=spf1 include:relay.example ?all"]}, Level.WARNING, "nothing of other senders"),
        (0, {"TXT_paper": ["v=spf1 mx -all include:relay.example"]}, Level.WARNING, "put it before"),
        (0, {"TXT_paper": ["v=spf1 mx ptr -all"]}, Level.WARNING, "pass over ptr"),
        (1, {"TXT_dmarc": ["p=reject; v=DMARC1"]}, Level.ERROR, "does not begin with v=DMARC1"),
        (1, {"TXT_dmarc": ["v=dmarc1; p=reject"]}, Level.ERROR, "does not begin with v=DMARC1"),
        (0, {"TXT_paper": ["v=spf1 redirect=relay.example redirect=relay.example"]}, Level.ERROR, "twice"),
        (0, {"TXT_relay": ["v=spf1 include:paper.example -all"]}, Level.ERROR, "which includes itself"),
        (0, {"TXT_relay": ["v=spf1 incldue:other.example -all"]}, Level.ERROR, "no term of SPF"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; rua=d@paper.example"]}, Level.WARNING, "mailto:"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; rua=mailto:d@reports.example"]}, Level.WARNING, "_report._dmarc"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; rua=mailto:d@in.paper.example!9m"]}, Level.OK, "p=reject"),
        (2, {"MX_paper": ["10 192.0.2.1."]}, Level.ERROR, "no name of a mail server"),
        (3, {"TXT_n1": [SHORT_KEY]}, Level.WARNING, "1024 bits"),
        (3, {"TXT_n1": [KEY.replace("; ", "\\; ")]}, Level.ERROR, "begin with v=DKIM1"),
        (3, {"TXT_n1": [KEY.replace("k=rsa", "k=rsa; h=sha1")]}, Level.ERROR, "sha256"),
        (3, {"TXT_n1": [KEY.replace("k=rsa", "k=rsa; s=tlsrpt")]}, Level.ERROR, "another service"),
        (3, {"TXT_n1": [KEY.replace("DKIM1", "DKIM2")]}, Level.ERROR, "begin with v=DKIM1"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; sp=none"]}, Level.OK, "p=reject"),
        (1, {"TXT_dmarc": ["v=DMARC1; rua=mailto:d@paper.example"]}, Level.ERROR, "no policy"),
        (3, {"TXT_n1": [KEY[:200]]}, Level.ERROR, "cannot be read"),
        (3, {"TXT_n1": [KEY, KEY]}, Level.ERROR, "2 records"),
        (3, {"TXT_n1": [KEY.replace("k=rsa", "k=rsa; t=y")]}, Level.WARNING, "testing"),
        (2, {"MX_paper": []}, Level.WARNING, "bounces"),
        (2, {"MX_paper": ["0 ."]}, Level.ERROR, "null MX"),
        (3, {"TXT_n1": []}, Level.ERROR, "missing"),
        (3, {"TXT_n1": ["v=DKIM1; p="]}, Level.ERROR, "revoked"),
        (0, {"TXT_paper": ["v=spf1 a:x1.example mx:x2.example exists:x3.example ip4:8.8.4.7 -all"]}, Level.ERROR, "x3"),
        (0, {"TXT_paper": ["v=spf1 a:x1.example a:x2.example ip4:8.8.4.7 -all"]}, Level.OK, "v=spf1"),
        (0, {"TXT_relay": ["v=spf1 a:x1.example a:x2.example a:x3.example -all"]}, Level.ERROR, "no address"),
        (0, {"TXT_paper": ["v=spf1 a:x1.example include:relay.example -all"]}, Level.OK, "v=spf1"),
        (0, {"TXT_paper": ["v=spf1 -all include:relay.example"]}, Level.ERROR, "nobody"),
        (0, {"TXT_paper": ["v=spf1 include:relay.example -all redirect=gone.example"]}, Level.OK, "v=spf1"),
        (0, {"TXT_paper": ["v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"]}, Level.ERROR, "every address"),
        (0, {"TXT_paper": ["v=spf1 a/0 -all"]}, Level.ERROR, "a/0 lets anybody"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; sp=rejct"]}, Level.WARNING, "sp='rejct'"),
        (1, {"TXT_dmarc": ["v=DMARC1; p=reject; ruf=d@paper.example"]}, Level.WARNING, "ruf="),
        (2, {"A_mx": ["192.168.7.9"]}, Level.WARNING, "private network"),
        (4, {"PTR_7": []}, Level.ERROR, "missing"),
        (4, {"PTR_7": ["host7.provider.example."]}, Level.ERROR, "does not lead back to 8.8.4.7: give the name an A"),
        (5, {"PTR_8": ["host8.provider.example."]}, Level.ERROR, "an AAAA record"),
    ],
)
def test_each_mistake_is_named(place: int, changes: dict[str, list[str]], level: Level, words: str) -> None:
    said = found(looked_up(**changes))
    assert said[place].level is level
    assert words in said[place].words
    assert [one.level for n, one in enumerate(said) if n != place] == [Level.OK] * 5


DEEPER = {
    ("paper.example", "TXT"): ["v=spf1 include:relay.example -all"],
    ("relay.example", "TXT"): ["v=spf1 include:deep.example -all"],
}


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("v=spf1 +all", "deep.example, which lets anybody send"),
        ("v=spf1 ipv4:8.8.4.7 -all", "'ipv4:8.8.4.7' is no term"),
        ("v=spf1 mx:many.example -all", "more than 10 mail servers"),
        ("v=spf1 include:relay.example -all", "includes deep.example, which includes itself"),
    ],
)
def test_a_mistake_two_includes_deep_is_named(record: str, words: str) -> None:
    many = [f"10 m{n}.example." for n in range(11)]
    table = DEEPER | {("deep.example", "TXT"): [record], ("many.example", "MX"): many}
    (said, *_) = findings("paper.example", lookup=lambda name, kind: table.get((name, kind), []))
    assert (said.level, words in said.words) == (Level.ERROR, True), said.words


def exists(number: int) -> str:
    """Return so many terms that query the DNS and find an address."""
    return " ".join(["exists:mx.paper.example"] * number)


@pytest.mark.parametrize(
    ("record", "level", "words"),
    [
        (f"v=spf1 {exists(9)} include:relay.example -all", Level.OK, "v=spf1"),
        (f"v=spf1 {exists(9)} include:gone.example -all", Level.ERROR, "gone.example"),
        (f"v=spf1 {exists(12)} -all", Level.ERROR, "needs 12 lookups"),
        ("v=spf1 ip4:8.8.4.7 include:gone.example -all", Level.ERROR, "gone.example"),
        ("v=spf1 mx:many.example -all", Level.OK, "v=spf1"),
    ],
)
def test_what_receivers_just_allow_is_no_mistake(record: str, level: Level, words: str) -> None:
    table = GOOD | {
        ("paper.example", "TXT"): [record],
        ("many.example", "MX"): [f"10 m{n}.example." for n in range(10)],
    }
    (said, *_) = findings("paper.example", lookup=lambda name, kind: table.get((name, kind), []))
    assert (said.level, words in said.words) == (level, True), said.words


def test_a_term_is_void_when_the_query_that_receivers_make_finds_nothing() -> None:
    table = {("six.example", "AAAA"): ["2001:4860::8"], ("four.example", "A"): ["8.8.4.7"]}
    record = "v=spf1 a:six.example a:four.example exists:four.example exists:six.example a mx -all"
    needs = needs_of(record, "paper.example", lambda name, kind: table.get((name, kind), []))
    assert (needs.lookups, needs.void) == (6, ["exists:six.example", "a", "mx"])


def test_a_macro_depends_on_the_letter_and_is_not_asked_about() -> None:
    record = "v=spf1 include:%{d}.example exists:%{i}.paper.example -all"
    needs = needs_of(record, "paper.example", lookup=lambda _name, _kind: [])
    assert (needs.lookups, needs.void, needs.missing) == (2, [], [])


def test_of_several_names_one_that_leads_back_is_enough() -> None:
    (first, _) = pointers(
        "mail.paper.example", "paper.example", lookup=looked_up(PTR_7=["old.example.", "mail.paper.example."])
    )
    assert (first.level, first.words) == (Level.OK, "mail.paper.example.")


def test_the_address_of_a_providers_relay_is_only_a_warning() -> None:
    for names in ([], ["out.example."]):
        first = pointers("mail.paper.example", "other.example", lookup=looked_up(PTR_7=names))[0]
        assert first.level is Level.WARNING
        assert first.words.endswith("(unless your provider sends from another address)")
    not_within = pointers("mail.paper.example", "il.paper.example", lookup=looked_up(PTR_7=[]))[0]
    assert not_within.level is Level.WARNING


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.25"])
def test_a_relay_without_a_public_address_leaves_the_question_to_the_operator(host: str) -> None:
    (one,) = pointers(host, "paper.example", lookup=looked_up())
    assert (one.level, one.subject) == (Level.WARNING, f"PTR of {host.strip('[]')}")
    assert "sends from" in one.words


def test_a_relay_given_as_an_address_is_asked_about_however_it_is_spelled() -> None:
    (one,) = pointers("2001:4860:0:0::8", "paper.example", lookup=looked_up())
    assert (one.level, one.subject) == (Level.OK, "PTR of 2001:4860::8")


def test_a_relay_whose_name_leads_nowhere_is_an_error() -> None:
    (one,) = pointers("nowhere.example", "paper.example", lookup=looked_up())
    assert (one.level, one.subject) == (Level.ERROR, "address of nowhere.example")


def test_a_silent_name_server_is_no_missing_record() -> None:
    def silent(name: str, kind: str) -> Sequence[str]:
        raise LookupFailed(f"{name} {kind}")

    assert {one.level for one in found(silent)} == {Level.WARNING}
    (one,) = pointers("8.8.4.7", "paper.example", lookup=silent)
    assert one.level is Level.WARNING


def test_a_key_that_is_not_ours_is_an_error_whatever_it_is() -> None:
    other = new_key("paper.example", "n1").records[0]
    (one,) = key_findings("paper.example", "n1", lookup=looked_up(), ours={other.name: other.text})
    assert (one.level, "not the one that signs" in one.words) == (Level.ERROR, True)
    (same,) = key_findings("paper.example", "n1", lookup=looked_up(), ours={other.name: KEY})
    assert same.level is Level.OK


def test_the_policy_of_the_domain_above_holds_with_its_word_for_subdomains() -> None:
    (held,) = policy_findings("letters.paper.example", lookup=looked_up())
    assert (held.level, "paper.example holds" in held.words) == (Level.OK, True)
    (watched,) = policy_findings("letters.paper.example", lookup=looked_up(TXT_dmarc=["v=DMARC1; p=reject; sp=none"]))
    assert watched.level is Level.WARNING


def test_the_record_of_the_organisation_holds_and_not_one_between() -> None:
    table = {
        ("_dmarc.city.paper.example", "TXT"): ["v=DMARC1; p=reject"],
        ("_dmarc.paper.example", "TXT"): ["v=DMARC1; p=none"],
    }
    lookup: Lookup = lambda name, kind: table.get((name, kind), [])  # noqa: E731 - a table as a name server
    (watched,) = policy_findings("letters.city.paper.example", lookup=lookup)
    assert (watched.level, "record of paper.example" in watched.words) == (Level.WARNING, True)
    table["_dmarc.city.paper.example", "TXT"] = ["v=DMARC1; p=reject; psd=n"]
    (held,) = policy_findings("letters.city.paper.example", lookup=lookup)
    assert (held.level, "record of city.paper.example" in held.words) == (Level.OK, True)
    assert aligned("letters.city.paper.example", "paper.example", "DKIM", lookup=lookup).level is Level.WARNING


def test_a_public_suffix_with_a_record_does_not_make_its_domains_one_organisation() -> None:
    table = {("_dmarc.co.uk", "TXT"): ["v=DMARC1; p=reject"]}
    lookup: Lookup = lambda name, kind: table.get((name, kind), [])  # noqa: E731 - the same
    assert aligned("harbour.co.uk", "courier.co.uk", "DKIM", lookup=lookup).level is Level.WARNING


def test_a_domain_that_signs_is_aligned_when_one_organisation_has_both() -> None:
    assert aligned("mail.paper.example", "paper.example", "DKIM", lookup=looked_up()).level is Level.OK
    assert aligned("relay.example", "paper.example", "DKIM", lookup=looked_up()).level is Level.WARNING
    strict = looked_up(TXT_dmarc=["v=DMARC1; p=reject; adkim=s"])
    assert aligned("mail.paper.example", "paper.example", "DKIM", lookup=strict).level is Level.WARNING


def test_a_domain_outside_ascii_is_asked_for_by_its_a_labels() -> None:
    asked: list[str] = []
    findings("bücher.example", lookup=lambda name, _: asked.append(name) or ())  # type: ignore[func-returns-value]
    assert "xn--bcher-kva.example" in asked
    assert all(name.isascii() and "xn--bcher-kva.example" in name for name in asked if not name.startswith("_dmarc.ex"))


@pytest.mark.parametrize(
    ("record", "policy", "level", "words"),
    [
        ("v=BIMI1; l=https://p.example/l.svg; a=https://p.example/c.pem", "p=reject", Level.OK, "l.svg"),
        ("v=BIMI1; l=https://p.example/l.svg", "p=quarantine", Level.OK, "without a certificate"),
        ("v=BIMI1; l=https://p.example/l.png", "p=reject", Level.WARNING, "SVG"),
        ("l=https://p.example/l.svg; v=BIMI1", "p=reject", Level.WARNING, "begins with v=BIMI1"),
        ("v=BIMI1; l=https://p.example/l.svg; a=self", "p=reject", Level.OK, "without a certificate"),
        ("v=BIMI1; l=https://p.example/l.svg; a=http://p.example/c.pem", "p=reject", Level.WARNING, "certificate"),
        ("v=BIMI1; l=https://p.example/l.svg", "p=reject; sp=none", Level.WARNING, "sp=none"),
        ("v=BIMI1; l=https://p.example/l.svg", "p=reject; pct=50", Level.WARNING, "all mail"),
        ("v=BIMI1", "p=reject", Level.WARNING, "names no logo"),
        ("v=BIMI1; l=;", "p=reject", Level.OK, "declines"),
    ],
)
def test_a_logo_is_judged_with_the_policy_that_holds(record: str, policy: str, level: Level, words: str) -> None:
    table = {
        ("default._bimi.paper.example", "TXT"): [record],
        ("_dmarc.paper.example", "TXT"): [f"v=DMARC1; {policy}"],
    }
    for domain in ("paper.example", "letters.paper.example"):
        logo = policy_findings(domain, lookup=lambda name, kind: table.get((name, kind), []))[-1]
        assert (logo.subject, logo.level) == (f"BIMI of {domain}", level)
        assert words in logo.words


def test_domains_under_one_public_suffix_are_strangers() -> None:
    policies = {("_dmarc.gov.example", "TXT"): ["v=DMARC1; p=none; psd=y"]}

    def lookup(name: str, kind: str) -> Sequence[str]:
        return policies.get((name, kind), [])

    for one, other in (("a.co.uk", "b.co.uk"), ("a.gov.example", "b.gov.example"), ("a.github.io", "b.github.io")):
        assert aligned(one, other, "SPF", lookup=lookup).level is Level.WARNING
        assert aligned(f"bounce.{one}", one.upper(), "SPF", lookup=lookup).level is Level.OK


def test_mail_goes_to_a_domain_without_mx_that_has_an_address() -> None:
    table = {("paper.example", "A"): ["8.8.4.4"]}
    mx = findings("paper.example", lookup=lambda name, kind: table.get((name, kind), []))[1]
    assert (mx.level, "8.8.4.4" in mx.words) == (Level.OK, True)
