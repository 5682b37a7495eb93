"""The Sphinx extension behind the book: nothing from other sites, links to the fork it is built from."""

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from guarantees import catalog
from guarantees.book import assets, glossary, page, repository

PACKAGE = Path(__file__).parents[1]


def inputs_digest() -> str:
    """Hash of everything besides its own text that a page is made from: the package and the data."""
    digest = hashlib.sha256()
    for folder in (PACKAGE, catalog.folder()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the extension; pages are read again when the package or the data have changed."""
    app.add_config_value("guarantees_inputs", inputs_digest(), "env", str)
    app.add_post_transform(page.KeepTextEquivalent)
    app.add_post_transform(glossary.LinkTerms)
    app.connect("config-inited", repository.point_to_fork, priority=50)
    app.connect("config-inited", assets.use_own_scripts, priority=100)
    app.connect("builder-inited", assets.drop_thebe, priority=1)
    app.connect("builder-inited", assets.copy_assets)
    app.connect("builder-inited", page.copy_data)
    app.connect("source-read", page.append_bibliography)
    app.connect("html-page-context", page.append_sources)
    app.connect("html-page-context", page.point_to_pages)
    app.connect("html-page-context", assets.slim_page)
    app.connect("html-page-context", page.offer_exercises_on_binder, priority=900)
    app.connect("build-finished", assets.finish_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
