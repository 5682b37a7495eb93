"""Scripts, styles and icons, all from this site."""

import hashlib
import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.config import Config

from guarantees.book import bundle
from guarantees.show import html as show
from guarantees.widgets.front_end import SEAM

HERE = Path(__file__).parent
FOLDER = "guarantees"
NPM = Path("node_modules")
MATHJAX = Path("mathjax", "es5")
ICONS = Path("@fortawesome", "fontawesome-free", "svgs")
ICON_STYLES = {"fa-solid": "solid", "fas": "solid", "fa-regular": "regular", "fa-brands": "brands", "fab": "brands"}
LONG_TRAIT = 1000
LANGUAGES = {"_esm": "js", "_css": "css"}
THEME_FAULTS = (
    # 543 kB gzipped for a handful of icons.
    (re.compile(r"\s*<!-- So that users can add custom icons -->\s*<script[^>]*fontawesome\.js[^>]*></script>"), ""),
    # The search button's name left out the text that it shows.
    (re.compile(r'(<button class="btn search-button-field[^>]*?)\s+aria-label="Search"'), r"\1"),
    # The title in the sidebar stood outside every landmark.
    (re.compile(r'(<div id="pst-primary-sidebar")(?! role)'), r'\1 role="navigation" aria-label="Book"'),
    # A list of works, whose items had a deprecated role that lists may not hold.
    (re.compile('role="doc-biblioentry"'), 'role="listitem"'),
)
ICON = re.compile(r'<i class="([^"]*\bfa-[^"]*)"')
SHOW_STYLE = re.compile(r"<style data-show>.*?</style>\s*", re.DOTALL)


def use_own_scripts(app: Sphinx, config: Config) -> None:
    """Point myst-nb and MathJax at this site's files."""
    config.nb_ipywidgets_js = {f"{FOLDER}/widgets.js": {"defer": "defer"}}
    config.mathjax_path = f"{FOLDER}/mathjax/tex-chtml.js"


def copy_assets(app: Sphinx) -> None:
    """Put the bundle, MathJax and the book's style below ``_static`` before Sphinx takes checksums."""
    if app.builder.format != "html":
        return
    npm, out = app.srcdir / NPM, app.outdir / "_static" / FOLDER
    bundle.build(npm, out)
    book_style = (HERE / "book.css").read_text(encoding="utf-8") + show.style()
    (out / "book.css").write_text(book_style, encoding="utf-8")
    mathjax = out / "mathjax"
    shutil.copytree(
        npm / MATHJAX / "output" / "chtml" / "fonts", mathjax / "output" / "chtml" / "fonts", dirs_exist_ok=True
    )
    shutil.copy(npm / MATHJAX / "tex-chtml.js", mathjax)
    for name in ("book.css", "icons.css"):
        app.add_css_file(f"{FOLDER}/{name}", priority=900)


def drop_thebe(app: Sphinx) -> None:
    """Live code by thebe needs outside servers, and its extension adds a script twice, which throws."""
    for event in ("builder-inited", "env-before-read-docs", "html-page-context", "doctree-resolved"):
        for listener in list(app.events.listeners.get(event, [])):
            if listener.handler.__module__.startswith("sphinx_thebe"):
                app.disconnect(listener.id)


@cache
def minified(npm: Path, text: str, language: str) -> str:
    """Shorten a source, once for all the widgets and pages that use it."""
    return bundle.minified(npm, text, language)


def minify_sources(state: dict[str, Any], npm: Path) -> None:
    """Shorten the scripts and styles in embedded widget state, leaving the seam between what widgets share and own."""
    for model in state["state"].values():
        for trait, language in LANGUAGES.items():
            if trait in model["state"]:
                pieces = model["state"][trait].split(SEAM)
                model["state"][trait] = SEAM.join(minified(npm, piece, language) for piece in pieces)


def share_long_traits(state: dict[str, Any]) -> dict[str, str]:
    """Replace long values in embedded widget state by references; return the values as JSON by hash.

    A page then holds a widget's source and tables once however often it shows the widget, and the browser caches
    them across pages. A source with a seam becomes two values, the first of them common to all widgets. Unset layout
    and style traits are dropped: null is their default.
    """
    shared = {}

    def reference(value: Any) -> str:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        shared[digest] = text
        return digest

    for model in state["state"].values():
        traits = model["state"]
        for trait, value in traits.items():
            if isinstance(value, str) and SEAM in value:
                traits[trait] = {"@shared": [reference(piece) for piece in value.split(SEAM)]}
            elif len(json.dumps(value, ensure_ascii=False, separators=(",", ":"))) > LONG_TRAIT:
                traits[trait] = {"@shared": [reference(value)]}
        if model["model_name"].endswith(("LayoutModel", "StyleModel")):
            model["state"] = {trait: value for trait, value in traits.items() if value is not None}
    return shared


def slim_page(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: object) -> None:
    """Share what the page's widgets hold in common and drop the styles that outputs carry for live notebooks."""
    if context.get("body"):
        context["body"] = SHOW_STYLE.sub("", context["body"])
    if pagename not in getattr(app.env, "nb_metadata", {}):
        return
    scripts = NbMetadataCollector.get_js_files(app.env, pagename)
    if "ipywidgets_state" not in scripts:
        return
    uri, attributes = scripts["ipywidgets_state"]
    state = json.loads(attributes["body"])
    minify_sources(state, app.srcdir / NPM)
    folder = Path(app.outdir, "_static", FOLDER, "shared")
    folder.mkdir(parents=True, exist_ok=True)
    for digest, text in share_long_traits(state).items():
        script = folder / f"{digest}.js"
        if not script.exists():
            script.write_text(f'(globalThis.sharedTraits??={{}})["{digest}"]={text};', encoding="utf-8")
        app.add_js_file(f"{FOLDER}/shared/{digest}.js", priority=450, defer="defer")
    body = json.dumps(state, separators=(",", ":")).replace("</", "<\\/")
    scripts["ipywidgets_state"] = (uri, {**attributes, "body": body})
    app.add_css_file(f"{FOLDER}/widgets.css", priority=400)


def icon_style(classes: set[str], svgs: Path) -> str:
    """CSS that draws icons from Font Awesome's own SVG files as masks in the colour of the text."""
    rules = [
        "i[class*=fa-]{display:inline-block;width:1em;height:1em;background:currentcolor;"
        "mask:var(--icon) center/contain no-repeat;vertical-align:-.125em}"
    ]
    for names in sorted(classes):
        words = names.split()
        style = next((ICON_STYLES[word] for word in words if word in ICON_STYLES), "solid")
        for word in words:
            svg = svgs / style / f"{word.removeprefix('fa-')}.svg"
            if word.startswith("fa-") and svg.exists():
                rules.append(f'.{word}{{--icon:url("data:image/svg+xml,{quote(svg.read_text(encoding="utf-8"))}")}}')
                break
    return "\n".join(rules)


def finish_pages(app: Sphinx, error: Exception | None) -> None:
    """Mend the theme's markup and swap its largest script for the icons that the pages use."""
    if error or app.builder.format != "html":
        return
    used: set[str] = set()
    for page in Path(app.outdir).rglob("*.html"):
        if "_static" in page.parts:
            continue
        html = page.read_text(encoding="utf-8")
        used.update(ICON.findall(html))
        mended = html
        for fault, mend in THEME_FAULTS:
            mended = fault.sub(mend, mended)
        if mended != html:
            page.write_text(mended, encoding="utf-8")
    icons = Path(app.outdir, "_static", FOLDER, "icons.css")
    icons.write_text(icon_style(used, app.srcdir / NPM / ICONS), encoding="utf-8")
    Path(app.outdir, "_static", "scripts", "fontawesome.js").unlink(missing_ok=True)
