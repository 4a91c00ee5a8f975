# SPDX-License-Identifier: GPL-2.0-only
#
# These pages as a site: "make site" builds it into build/site/.
import pathlib
import re

project = "usercopy_guard"
release = (pathlib.Path(__file__).parent.parent / "VERSION").read_text(encoding="ascii").strip()
version = release

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_copyright = False
html_static_path = ["pictures"]
# Debian compiles the theme's style without what it has for those who prefer the dark, but for code.
html_theme_options = {
    "dark_css_variables": {
        "color-foreground-primary": "#d8dbde",
        "color-foreground-secondary": "#a3a8ad",
        "color-foreground-muted": "#868c92",
        "color-foreground-border": "#63676b",
        "color-background-primary": "#15171a",
        "color-background-secondary": "#1b1e21",
        "color-background-hover": "#22262a",
        "color-background-hover--transparent": "#22262a00",
        "color-background-border": "#34383c",
        "color-background-item": "#43474b",
        "color-brand-primary": "#5aa2f0",
        "color-brand-content": "#6aacf3",
        "color-highlighted-background": "#0b3a66",
        "color-admonition-background": "#1b1e21",
        "color-inline-code-background": "#24282c",
    },
}
# Pictures keep a white ground in dark mode.
html_css_files = ["site.css"]
# The pages are read as they are in the tree as well, with the quotes that they have.
smartquotes = False
nitpicky = True
# What stands apart is typed and answered, and no Python.
highlight_language = "none"


def link_pages(_app, _name, source):
    """Documentation/rules.rst, as the pages name each other for those who read them in a tree,
    becomes a link. It stays as long as it was, since there are tables, but not before what ends or
    encloses a sentence."""
    def link(match):
        return f":doc:`{match[1]}`".ljust(0 if match[2] else len(match[0])) + match[2]
    source[0] = re.sub(r"(?<![`/])\bDocumentation/([a-z-]+)\.rst(?!`)([).,;:]?)", link, source[0])


def setup(app):
    app.connect("source-read", link_pages)
