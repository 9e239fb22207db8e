"""How Sphinx builds the documentation: Markdown in, no network, every warning an error (`make docs`)."""

from importlib import metadata

project = "Counterpoint"
author = "The Counterpoint maintainers"
copyright = "The Counterpoint maintainers, Apache-2.0"  # noqa: A001  # Sphinx's name for it
release = version = metadata.version("counterpoint")

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
nitpicky = True
suppress_warnings: list[str] = []
# Shell sessions with output in them are no clean grammar; Pygments' lenient mode is what they are for.
highlight_language = "text"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"Counterpoint {release}"
html_copy_source = False
html_show_sourcelink = False
