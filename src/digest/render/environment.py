"""The template environment: sandboxed and strict. Errors name file and line."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from digest.data import data_folder
from digest.errors import TemplateError
from digest.text.glyphs import shown

ESCAPED = (".html", ".svg", ".xml")
"""In templates of these file types, values are escaped. In text and style sheets they are not."""
FILLED = (*ESCAPED, ".css", ".txt")
"""File types of templates. Other files in the same folders, such as catalogues, are no templates."""


class _Compiled(jinja2.BytecodeCache):
    """The compiled templates of this process, shared by all environments: compiling those of a site takes 0.8 s."""

    def __init__(self) -> None:
        self._code: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Load the compiled code of a template into ``bucket``, if this source was compiled before."""
        checksum, code = self._code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        """Store the compiled code of a template. It replaces the code of an earlier version of the same file."""
        self._code[bucket.key] = (bucket.checksum, bucket.code)


_COMPILED = _Compiled()


def environment(
    folder: str | None = None, *, filters: dict[str, Callable[..., object]] | None = None
) -> jinja2.Environment:
    """Return an environment that finds ``email/...`` and ``web/...``.

    Templates in the operator's ``folder`` replace ours.

    Values are escaped in HTML. A name without a value is an error, not an empty string.

    Raises:
        TemplateError: ``folder`` does not exist.
    """
    if folder is not None and not Path(folder).is_dir():
        raise TemplateError(f"{folder}: no such folder of templates (brand.templates)")
    folders = [Path(folder)] if folder is not None else []
    made: SandboxedEnvironment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader([*folders, data_folder() / "templates"]),
        undefined=jinja2.StrictUndefined,
        autoescape=lambda name: name is None or name.endswith(ESCAPED),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        bytecode_cache=_COMPILED,
    )
    made.filters.update(filters or {})
    return made


@cache
def page_environment(folder: str | None = None) -> jinja2.Environment:
    """Return the environment of the pages; cached, since compiling templates takes longer than filling them."""
    return environment(folder, filters={"shown": shown})


def fill(door: jinja2.Environment, name: str, **values: object) -> str:
    """Return the template ``name`` filled with ``values``.

    Raises:
        TemplateError: the template is missing, cannot be read, or uses a name without a value; names file and line.
    """
    try:
        return door.get_template(name).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"{error.filename or name}, line {error.lineno}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise TemplateError(f"{error.name}: no such template (needed by {name})") from error
    except (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise TemplateError(f"{_place(door, name, error)}: {error}") from error


def require(door: jinja2.Environment, below: str, folder: str | None) -> None:
    """Compile the operator's templates below ``web/`` or ``email/``, so that a broken one is found at the start.

    ``folder`` holds the operator's templates. Our own templates are tested; they are compiled when they are first
    filled.

    Raises:
        TemplateError: a template cannot be read; names file and line.
    """
    if folder is None:
        return
    for name in jinja2.FileSystemLoader(folder).list_templates():
        if not (name.startswith(below) and name.endswith(FILLED)):
            continue
        try:
            door.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(f"{error.filename or name}, line {error.lineno}: {error.message}") from error


def _place(door: jinja2.Environment, name: str, error: BaseException) -> str:
    """Return file and line of the innermost template in the traceback of ``error``."""
    loader = door.loader
    roots = tuple(loader.searchpath) if isinstance(loader, jinja2.FileSystemLoader) else ()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(roots)]
    return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else name
