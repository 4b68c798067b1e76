"""Resolves URLs as browsers do, and reduces them to the canonical form that identifies an article."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

LONGEST_URL = 2048
"""Characters. A longer link is of no use to a reader (RFC 9110, section 4.1 asks for 8000 at least)."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
# WHATWG URL, section 4.4: tabs and line ends are removed from a URL, other controls and blanks only at its ends.
_VANISHING = str.maketrans("", "", "\t\n\r")
_ENDS = "".join(map(chr, range(33)))
_UNSAFE = re.compile(r"[^!#$%&'()*+,/:;=?@\[\]~\w.-]", re.ASCII)
_CLEAN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:[/?#][!#$&'()*+,/:;=?@~\w.%-]*)?", re.ASCII)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

# Parameters that say where a click came from, and do not change the target.
_TRACKER_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "ns_", "at_", "vero_", "oly_", "_hs", "wt_", "wt.", "gaa_", "sc_c")
_TRACKER_NAMES = (
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh mc_cid mc_eid "
    "mkt_tok ml_subscriber ml_subscriber_hash s_cid cmp cmpid icid ito ocid xtor ref ref_src ref_url referer referrer "
    "partner emc smid smtyp ftag wprss srnd tpcc traffic_source _ga _gl sref sr_share soc_src "
    "soc_trk guccounter guce_referrer guce_referrer_sig __twitter_impression originalreferrer xt taid "
    "spm trk trkcampaign mbid campaign_id instance_id segment_id regi_id source_caller amp "
    "amp_js_v amp_gsa usqp outputtype"
)
_TRACKERS = frozenset(_TRACKER_NAMES.split())
# The form of most feed links: only the scheme, a variant's label and a last slash have to be removed.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*)((?:/[A-Za-z0-9_-]+)*)/?")
_VARIANT_LABELS = ("www.", "m.", "mobile.", "amp.")
_AMP_CACHE = re.compile(r"^/[acirv]/(?:s/)?(?=[^/]+\.[^/]+)")
_GOOGLE_AMP = re.compile(r"^/amp/(?:s/)?(?=[^/]+\.[^/]+)")
_AMP_PATH = re.compile(r"(?<=.)(?:/amp(?:\.html?)?|\.amp(?=(?:\.html?)?$))/?$", re.IGNORECASE)
_AMP_HEAD = re.compile(r"^/amp(?=/.)", re.IGNORECASE)


def absolute(link: str, base: str) -> str | None:
    """Return ``link`` as an absolute http(s) URL, resolved against ``base``, otherwise unchanged.

    Blanks are removed, and characters that are invalid in a URL are percent-encoded, as in browsers. Return None for a
    link that a reader cannot follow: another scheme, no host, too long, or not a URL.
    """
    if _CLEAN.fullmatch(link) and len(link) <= LONGEST_URL:
        return link
    cleaned = link.strip(_ENDS).translate(_VANISHING)
    if not cleaned or len(cleaned) > LONGEST_URL:
        return None
    try:
        cleaned.encode()  # fails for a lone surrogate, which JSON can contain
        joined = cleaned if cleaned.startswith(("http://", "https://")) else urljoin(base, cleaned)
        parts = urlsplit(joined)
        if parts.scheme not in _DEFAULT_PORTS or not (parts.hostname or "").strip("."):
            return None
        _ = parts.port
    except ValueError:
        return None
    tail = joined[joined.index("//") :]
    return f"{parts.scheme}:{_UNSAFE.sub(_encode, tail)}"


def _encode(match: re.Match[str]) -> str:
    character = match[0]
    return character if ord(character) > 127 else quote(character)  # noqa: PLR2004 - non-ASCII makes it an IRI: kept


def canonical(url: str) -> str:
    """Return the canonical form of an article's absolute http(s) ``url``. It identifies the article; do not request it.

    Two links have the same form if they differ only in scheme, ``www.``, mobile or AMP variant, default port, trackers,
    order of parameters, fragment, percent-encoding or a trailing slash.

    Raises:
        ValueError: ``url`` is not an absolute http(s) URL.
    """
    if (plain := _PLAIN.fullmatch(url)) and "/amp" not in url:
        return f"https://{_without_variant(plain[1])}{plain[2] or '/'}"
    parts = urlsplit(_behind_amp_cache(url.strip(_ENDS).translate(_VANISHING)))
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"not an absolute http(s) URL: {url!r:.200}")
    netloc = _without_variant(host_in_ascii(parts.hostname))
    if ":" in netloc:
        netloc = f"[{netloc}]"
    if parts.port not in {None, *_DEFAULT_PORTS.values()}:
        netloc += f":{parts.port}"
    return urlunsplit(("https", netloc, _canonical_path(parts.path), _canonical_query(parts.query), ""))


def host_in_ascii(host: str) -> str:
    """Return a host name in lower case and IDNA 2008 (UTS 46), without the final dot; quoted if it has no such form."""
    name = host.rstrip(".").lower()
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return quote(name).lower()


def same_site(one: str, other: str) -> bool:
    """Return whether two absolute URLs are on one host, ignoring its ``www.``, mobile or AMP variant."""
    return _site(urlsplit(one)) == _site(urlsplit(other))


def _site(parts: SplitResult) -> str:
    return _without_variant(host_in_ascii(parts.hostname or ""))


def _behind_amp_cache(url: str) -> str:
    """Return the publisher's URL if ``url`` is a copy in an AMP cache or viewer, otherwise ``url``."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".cdn.ampproject.org"):
        path, found = _AMP_CACHE.subn("", parts.path)
    elif host.startswith(("www.google.", "google.")):
        path, found = _GOOGLE_AMP.subn("", parts.path)
    else:
        return url
    return f"https://{path}" + (f"?{parts.query}" if parts.query else "") if found else url


def _without_variant(host: str) -> str:
    for label in _VARIANT_LABELS:
        rest = host.removeprefix(label)
        if rest != host and "." in rest:
            return _without_variant(rest)
    return host


def _canonical_path(path: str) -> str:
    plain = _AMP_HEAD.sub("", _AMP_PATH.sub("", path))
    return _same_encoding(plain.rstrip("/")) or "/"


def _same_encoding(path: str) -> str:
    decoded = unquote(_LONE_PERCENT.sub("%25", path), errors="surrogateescape")
    kept = re.sub(r"%2[Ff]", "%2F", path)
    if kept != path or "%2F" in path:  # an encoded slash is not a slash (RFC 3986, section 2.2)
        return "%2F".join(_same_encoding(piece) for piece in kept.split("%2F"))
    return quote(decoded, safe="/!$&'()*+,;=:@~", errors="surrogateescape")


def _canonical_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=None, errors="surrogateescape")
    kept = [(name, value) for name, value in pairs if not _is_tracker(name.lower())]
    return urlencode(sorted(kept), errors="surrogateescape")


def _is_tracker(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)
