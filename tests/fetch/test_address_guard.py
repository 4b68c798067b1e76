from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fetch.conftest import Names, Serve, answer

from digest.errors import Advice, NameNotFound, RefusedAddress, TooSlow
from digest.fetch import address_guard
from digest.fetch.address_guard import Target
from digest.fetch.client import Client
from digest.settings import FetchSettings

HOSTILE = (
    "http://127.0.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://127.0.0.01:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://１２７.０.０.１:{port}/",  # noqa: RUF001 - full-width digits are the point
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",  # noqa: RUF001
    "http://ｌocalhost:{port}/",  # noqa: RUF001
    "http://localhost:{port}/",
    "http://localhost.:{port}/",
    "http://LOCALHOST:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://10.0.0.1:{port}/",
    "http://100.64.0.1:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://paper.example:{port}@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@paper.example/",
    "http://127.0.0.1\\.paper.example:{port}/",
    "http://127.0.0.1%2f.example:{port}/",
    "http://127.0.0.1 .example:{port}/",
    "http://127.0.0.1\t:{port}/",
    "http://paper.example:25/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_GET",
    "ftp://127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/",
    "http://",
    "http://127.0.0.1:999999/",
)
"""Spellings of the victim's address and of others that are nobody's business."""
ABSOLUTE = tuple(url for url in HOSTILE if url not in {"http://", "http:///127.0.0.1:{port}/"})
"""Without those that mean, relative to a redirecting server, that server itself."""


class Changing:
    """A resolver whose answers change with each question, as a rebinding attacker's."""

    def __init__(self, *answers: tuple[str, ...]) -> None:
        self._answers = list(answers)
        self.asked = 0

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        del host, timeout_seconds
        found = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return tuple(Target(address=ip_address(text)) for text in found)


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused_and_reaches_nobody(serve: Serve, url: str) -> None:
    victim = serve(answer(b"secret"))
    with Client(FetchSettings(total_timeout_seconds=30)) as client, pytest.raises(RefusedAddress) as refused:
        client.get(url.format(port=victim.port), accept="*/*", cap_bytes=1000)
    assert refused.value.advice is Advice.SKIP
    assert victim.connections == 0


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.5", "::1"])
@pytest.mark.parametrize("url", ABSOLUTE)
def test_a_redirect_to_a_hostile_url_is_refused_and_reaches_nobody(serve: Serve, url: str) -> None:
    victim = serve(answer(b"secret"))
    there = url.format(port=victim.port).encode()
    redirect = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + there.replace(b"\t", b"%09") + b"\r\n\r\n"
    attacker = serve(redirect, "127.0.0.5")
    own_names = {"paper.example": Target(address=ip_address("127.0.0.5"), port=attacker.port)}
    settings = FetchSettings(allow_networks=("127.0.0.5",), total_timeout_seconds=30)
    with Client(settings, resolver=Leading(own_names)) as client, pytest.raises(RefusedAddress):
        client.get("http://paper.example/", accept="*/*", cap_bytes=1000)
    assert attacker.connections == 1
    assert victim.connections == 0


class Leading:
    """Names lead where they are told to; all others to loopback, as an attacker's would."""

    def __init__(self, names: dict[str, Target]) -> None:
        self._names = names

    def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
        del timeout_seconds
        return (self._names.get(host, Target(address=ip_address("127.0.0.1"))),)


def test_one_bad_answer_spoils_the_name(serve: Serve) -> None:
    victim = serve(answer(b"secret"))
    resolver = Changing(("93.184.215.14", "127.0.0.1"))
    with Client(FetchSettings(), resolver=resolver) as client, pytest.raises(RefusedAddress):
        client.get(f"http://paper.example:{victim.port}/", accept="*/*", cap_bytes=1000)
    assert victim.connections == 0


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.5"])
def test_a_name_is_asked_once_for_a_connection_so_that_it_cannot_be_rebound(serve: Serve) -> None:
    victim = serve(answer(b"secret"))
    allowed = serve(answer(b"news"), "127.0.0.5")
    resolver = Changing(("127.0.0.5",), ("127.0.0.1",))
    settings = FetchSettings(allow_networks=("127.0.0.5",), total_timeout_seconds=30)
    with Client(settings, resolver=resolver) as client:
        assert client.get(f"http://paper.example:{allowed.port}/", accept="*/*", cap_bytes=9).body == b"news"
        assert resolver.asked == 1
        with pytest.raises(RefusedAddress):
            client.get(f"http://paper.example:{victim.port}/", accept="*/*", cap_bytes=9)
    assert victim.connections == 0


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.169.254", "172.16.0.0",
        "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255",
        "198.51.100.1", "203.0.113.255", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1",
        "2001:db8::1", "2002:7f00:1::", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fdff::1",
        "fe80::1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_addresses_without_a_public_server_are_closed(text: str) -> None:
    assert not address_guard.is_open(ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
     "192.0.1.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "::ffff:1.1.1.1", "2001:200::1",
     "2606:4700::1111", "2a00:1450::1", "3ffe::1"],
)  # fmt: skip
def test_addresses_of_public_servers_are_open(text: str) -> None:
    assert address_guard.is_open(ip_address(text))


def test_an_allowed_network_is_open_and_its_neighbours_stay_closed() -> None:
    allowed = address_guard.networks(("10.1.0.0/16", "fd00:1::/32"))
    assert address_guard.is_open(ip_address("10.1.2.3"), allowed)
    assert address_guard.is_open(ip_address("::ffff:10.1.2.3"), allowed)
    assert address_guard.is_open(ip_address("fd00:1::5"), allowed)
    assert not address_guard.is_open(ip_address("10.2.0.1"), allowed)


def test_an_international_name_is_spelled_in_ascii() -> None:
    assert address_guard.destination("https://Zürich.example/ä").host == "xn--zrich-kva.example"


def test_the_default_port_and_the_fragmentless_url_are_what_is_requested() -> None:
    there = address_guard.destination("HTTP://Paper.Example.:80/a?b")
    assert (there.url, there.port) == ("http://paper.example/a?b", 80)


def test_a_name_without_an_address_says_so() -> None:
    with pytest.raises(NameNotFound):
        address_guard.targets("http://x.example/", "x.example", Names(), (), 1.0)


def test_a_resolver_that_never_answers_is_given_up() -> None:
    class Silent:
        def resolve(self, host: str, timeout_seconds: float) -> tuple[Target, ...]:
            raise TimeoutError(host, timeout_seconds)

    with pytest.raises(TooSlow):
        address_guard.targets("http://x.example/", "x.example", Silent(), (), 1.0)


def test_the_system_resolver_finds_loopback_under_its_name() -> None:
    found = address_guard.SystemResolver().resolve("localhost", 5.0)
    assert any(target.address.is_loopback for target in found)


def test_the_system_resolver_passes_on_that_a_name_is_unknown() -> None:
    with pytest.raises(OSError, match=r".") as problem:
        address_guard.SystemResolver().resolve("no-such-name.invalid", 10.0)
    assert isinstance(problem.value, socket.gaierror | TimeoutError)


@given(st.text(max_size=60))
def test_any_text_is_a_destination_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}/", f"https://a.example/{text}"):
        try:
            there = address_guard.destination(url)
        except RefusedAddress:
            continue
        assert address_guard.destination(there.url) == there


@given(st.ip_addresses())
def test_an_open_address_is_global_for_python_too(address: address_guard.Address) -> None:
    if address_guard.is_open(address):
        assert address.is_global or getattr(address, "ipv4_mapped", None) is not None


@pytest.mark.parametrize(("port", "taken"), [(1023, False), (1024, True), (1719, False), (1718, True), (25, False)])
def test_ports_of_other_services_are_refused_and_free_ones_taken(port: int, taken: bool) -> None:  # noqa: FBT001
    url = f"http://paper.example:{port}/"
    if taken:
        assert address_guard.destination(url).port == port
    else:
        with pytest.raises(RefusedAddress, match=f"port {port} belongs to another service"):
            address_guard.destination(url)


def test_a_host_name_has_253_characters_at_most() -> None:
    longest = ".".join(["a" * 63] * 3 + ["a" * 61])
    assert len(longest) == 253
    assert address_guard.destination(f"http://{longest}/").host == longest
    assert address_guard.destination(f"http://{longest}./").host == longest
    with pytest.raises(RefusedAddress, match="not a host name"):
        address_guard.destination(f"http://{longest}a/")


def test_an_address_in_brackets_is_taken_as_it_is_and_one_with_a_zone_is_refused() -> None:
    found = address_guard.destination("http://[2606:4700:0:0::1111]:8080/x")
    assert (found.host, found.port, found.url) == (
        "2606:4700::1111",
        8080,
        "http://[2606:4700::1111]:8080/x",
    )
    with pytest.raises(RefusedAddress, match="a zone belongs to one machine"):
        address_guard.destination("http://[fe80::1%25eth0]/")
