# SPDX-License-Identifier: MIT
# Sphinx reads this. build.py has put the pages in its folder before.
import os

from pygments.lexers.python import PythonLexer
from sphinx.highlighting import lexers

lexers["pyi"] = PythonLexer()  # The blocks with stub files.

project = "adder"
author = "the authors of adder"
copyright = "the authors of adder"
version = release = os.environ["ADDER_VERSION"]

extensions = ["myst_parser", "directives"]
source_suffix = {".md": "markdown"}
root_doc = "index"
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
myst_url_schemes = ("http", "https", "mailto", "site")

html_theme = "furo"
html_title = f"adder {version}"
html_static_path = ["_static"]
html_css_files = ["adder.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}
pygments_style = "friendly"
pygments_dark_style = "monokai"
