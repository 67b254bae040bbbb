# SPDX-License-Identifier: MIT
"""What the pages need of Sphinx: the directive div, a block with a class of CSS, and links like site:<page>#<anchor>.

build.py makes such links of all local ones, as Sphinx knows neither <a id> nor the anchors that forges give to
headings.
"""

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)


class Div(Directive):
    has_content = True
    required_arguments = 1

    def run(self):
        node = nodes.container("\n".join(self.content), classes=[*self.arguments[0].split()])
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


def follow_links(app, doctree, docname):
    for node in doctree.findall(nodes.reference):
        target = node.get("refuri", "")
        if target.startswith("site:"):
            page, hash_, anchor = target.removeprefix("site:").partition("#")
            if page not in app.env.found_docs:
                LOGGER.warning("there is no page %s", page, location=node)
            else:
                node["refuri"] = app.builder.get_relative_uri(docname, page) + hash_ + anchor
                node["internal"] = True
                node["classes"] = ["reference", "internal"]


def setup(app):
    app.add_directive("div", Div)
    app.connect("doctree-resolved", follow_links)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
