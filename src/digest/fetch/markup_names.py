"""Names of XML elements as they occur: with a namespace, or with an undeclared prefix."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree


def local_name(node: etree._Element) -> str:
    """Return an element's name without namespace and prefix, in lower case; empty for a comment or an instruction.

    A recovering parser keeps an undeclared prefix as a part of the name.
    """
    tag = node.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def children(node: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children with that local name."""
    return (child for child in node if local_name(child) == name)


def text_of(node: etree._Element, *path: str) -> str:
    """Return the text of the first element along a path of local names, or the empty string."""
    found: etree._Element | None = node
    for name in path:
        found = next(children(found, name), None) if found is not None else None
    return (found.text or "").strip() if found is not None else ""
