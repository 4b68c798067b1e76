"""Reads and writes OPML 2.0 (http://opml.org/spec2.opml), in which feed readers exchange lists of sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from digest.errors import NotAFeed
from digest.fetch.markup_names import local_name
from digest.text.title import clean
from digest.text.urls import absolute

MOST_OUTLINES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list. ``section`` is the name of its folder, empty when it is in none."""

    url: str
    name: str
    section: str = ""


def read_opml(body: bytes, url: str = "the OPML file") -> tuple[Outline, ...]:
    """Return the feeds of an OPML file in its own order, each URL once. Outlines without a feed are folders.

    Raises:
        NotAFeed: The file is not OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise NotAFeed(url, f"not OPML: {problem}") from problem
    if root is None or local_name(root) != "opml":
        raise NotAFeed(url, "not OPML: it has another root element")
    found: dict[str, Outline] = {}
    for node in (each for each in root.iter() if local_name(each) == "outline"):
        link = absolute(_attribute(node, "xmlUrl"), "")
        if link is not None and len(found) < MOST_OUTLINES:
            name = clean(_attribute(node, "title") or _attribute(node, "text")) or link
            found.setdefault(link, Outline(url=link, name=name, section=_folder(node)))
    return tuple(found.values())


def write_opml(outlines: Iterable[Outline], title: str) -> bytes:
    """Return an OPML file with a folder for each section, in order of first use, after the feeds without one."""
    root = etree.Element("opml", version="2.0")
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = title
    folders: dict[str, etree._Element] = {"": body}
    for outline in outlines:
        section = outline.section
        if section not in folders:
            folders[section] = etree.SubElement(body, "outline", text=section, title=section)
        etree.SubElement(
            folders[section], "outline", type="rss", text=outline.name, title=outline.name, xmlUrl=outline.url
        )
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _folder(node: etree._Element) -> str:
    parent = node.getparent()
    if parent is None or local_name(parent) != "outline" or _attribute(parent, "xmlUrl"):
        return ""
    return clean(_attribute(parent, "title") or _attribute(parent, "text"))


def _attribute(node: etree._Element, name: str) -> str:
    """Return an attribute; case does not matter, because writers spell xmlUrl differently."""
    return next((str(value) for key, value in node.attrib.items() if str(key).lower() == name.lower()), "")
