"""Fills the templates of a block in a sandbox. Only the process of a block uses this module."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from digest.blocks.shape import BlockKind, NoBlock, Question
from digest.text.ending import columns


def heading(text: str) -> str:
    """Return ``text`` with a line of hyphens of the same width below it, like the headings of a letter's text part."""
    return f"{text}\n{'-' * columns(text)}"


def filled(name: str, kind: BlockKind, value: Mapping[str, object], ask: Question, folders: Sequence[str]) -> list[str]:
    """Return the HTML and the text of a block, filled with ``value``.

    A template is taken from the first of ``folders`` that has it, otherwise from ``kind``.

    Raises:
        NoBlock: The value is not plain data, or a template is missing or broken.
    """
    try:
        plain = json.loads(json.dumps(value))
    except (TypeError, ValueError, RecursionError) as error:
        raise NoBlock(f"its value is not plain data: {error}") from error
    given = {f"blocks/{name}.{end}": source for end, source in (("html", kind.html), ("txt", kind.text)) if source}
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(list(folders)), jinja2.DictLoader(given)])
    door = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=jinja2.StrictUndefined,
        autoescape=lambda template: template is None or template.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    door.filters["heading"] = heading
    try:
        return [
            door.get_template(f"blocks/{name}.{end}").render(block=plain, ask=ask, words=ask.phrases)
            for end in ("html", "txt")
        ]
    except jinja2.TemplateNotFound as error:
        raise NoBlock(f"there is no template {error.name}") from error
    except jinja2.TemplateError as error:
        raise NoBlock(f"its template fails: {error}") from error
