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
# Pictures keep a white ground in dark mode.
html_css_files = ["site.css"]
# The pages are read as they are in the tree as well, with the quotes that they have.
smartquotes = False
nitpicky = True


def link_pages(_app, _name, source):
    """Documentation/rules.rst, as the pages name each other for those who read them in a tree,
    becomes a link. It stays as long as it was: there are tables."""
    def link(match):
        return f":doc:`{match[1]}`".ljust(len(match[0]))
    source[0] = re.sub(r"(?<![`/])\bDocumentation/([a-z-]+)\.rst(?!`)", link, source[0])


def setup(app):
    app.connect("source-read", link_pages)
