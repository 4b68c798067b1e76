"""How the pages of this folder become a site: ``sphinx-build -W -n docs SITE``, without any network."""

from pygments.lexers.configs import TOMLLexer
from sphinx.application import Sphinx

project = "digest"
author = "the authors of digest"
extensions = ["myst_parser"]
myst_heading_anchors = 3
"""Headings down to this level can be linked to, as in ``page.md#heading``."""
exclude_patterns = ["letters"]
nitpicky = True
html_theme = "furo"
html_title = "digest"
html_copy_source = False
html_show_copyright = False


def setup(app: Sphinx) -> None:
    """Colour ``phrases`` (the words of letters and pages) as what they are: TOML, which is no settings."""
    app.add_lexer("phrases", TOMLLexer)
