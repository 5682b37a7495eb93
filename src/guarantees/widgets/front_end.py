"""What every widget shares: its script and style, its choices and their permalink, a form for readers without scripts.

A widget has *choices*: what the reader can set, each a trait of its view. Together they are its *set-up*, which stands
in the page's address, travels as text, and is the trait ``selection`` in Python.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import ipywidgets
import traitlets

from guarantees import catalog
from guarantees.tableschema import near
from guarantees.widgets import palette

Choices = dict[str, Any]

HERE = Path(__file__).parent
SEAM = "\n/* What follows is this widget's own. */\n"
SHARED = re.compile(r'import \{[^}]*\} from "\./front_end\.js";\n')


def with_shared(text: str) -> str:
    """Put the shared module in place of a script's import of it: a browser gets a widget as one text."""
    shared = (HERE / "front_end.js").read_text(encoding="utf-8").replace("export function", "function")
    own = SHARED.sub("", text).replace("export default", "return")
    return f"{shared}{SEAM}export default (() => {{\n{own}}})();\n"


def script(name: str) -> str:
    """Read ``<name>.js`` with the shared module in it."""
    return with_shared((HERE / f"{name}.js").read_text(encoding="utf-8"))


def style(name: str) -> str:
    """Read ``<name>.css`` after the shared style."""
    return SEAM.join((HERE / f"{part}.css").read_text(encoding="utf-8") for part in ("front_end", name))


class TextEquivalent:
    """Shows a widget's view where there is one, and the same content as plain HTML elsewhere.

    Attributes
    ----------
    room : (int, int) or None
        Height of the view in pixels, on a laptop and on a phone: kept free until the view is there.
    """

    model_id: str
    room: tuple[int, int] | None = None

    def text_equivalent(self) -> str:
        """Write the content of the widget as HTML that needs no script."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        html = self.text_equivalent()
        if self.room:
            wide, narrow = self.room
            html = f'<div class="room" style="--wide: {wide}px; --narrow: {narrow}px">{html}</div>'
        shown = {
            "text/plain": f"{type(self).__name__}()",
            "text/html": html,
            "application/vnd.jupyter.widget-view+json": view,
        }
        return shown, {}


def choice(trait: Any) -> Any:
    """Declare a trait as a choice of the reader: true or false, a number, a text, or a list or mapping of these."""
    return trait.tag(sync=True, choice=True)


def shown_looks() -> dict[str, dict[str, Any]]:
    """Gather the names and looks of the models for the view, by id."""
    names = catalog.load("models").set_index("id")
    return {
        id: {
            "name": names.loc[id, "name"],
            "short": names.loc[id, "short_name"],
            "light": look.light,
            "dark": look.dark,
            "path": look.path,
            "dash": look.dash,
        }
        for id, look in palette.looks().items()
    }


def refusal(name: str, value: Any, accepts: Mapping[str, Any]) -> str:
    """Say what is wrong with the value of a choice, or nothing; the view checks a permalink in the same way."""
    items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else [value]
    for known, found in (("values", items), ("names", list(value) if isinstance(value, dict) else [])):
        for item in found:
            if known in accepts and item not in accepts[known]:
                return f"{name} cannot be {item!r}{near(str(item), map(str, accepts[known]))}"
    low, high = accepts.get("min", float("-inf")), accepts.get("max", float("inf"))
    for item in items:
        if isinstance(item, int | float) and not low <= item <= high:
            return f"{name} should be from {low} to {high}, not {item}"
    twice = "values" in accepts and isinstance(value, list) and len(set(value)) < len(value)
    return f"{name} names something twice" if twice else ""


class View(anywidget.AnyWidget):
    """A picture with choices. Subclasses set ``kind``, ``_esm`` and ``_css`` and declare traits with :func:`choice`.

    Parameters
    ----------
    accepts : mapping of choice to mapping
        What a choice may hold: ``values`` (of a text, or of each item), ``names`` (of a mapping), ``min`` and ``max``.
    **traits
        What the author sets: choices that differ from their defaults, and data.

    Attributes
    ----------
    kind : str
        Name of the widget in the page's address, such as ``"timeline"``.
    selection : dict
        All choices. Setting it, in part or whole, changes them.
    """

    kind: ClassVar[str]
    setup = traitlets.Dict().tag(sync=True)
    looks = traitlets.Dict().tag(sync=True)
    selection = traitlets.Dict()

    def __init__(self, accepts: Mapping[str, Mapping[str, Any]], **traits: Any) -> None:
        self._accepts = accepts
        super().__init__(looks=shown_looks(), **traits)
        names = self.trait_names(choice=True)
        initial = self._chosen()
        for name, value in initial.items():
            self._refuse(name, value)
        self.setup = {
            "kind": self.kind,
            "defaults": {name: self.trait_defaults(name) for name in names},
            "initial": initial,
            "accepts": accepts,
        }
        self.selection = initial
        self.observe(self._follow, names)

    def _chosen(self) -> Choices:
        return {name: getattr(self, name) for name in self.trait_names(choice=True)}

    def _follow(self, _: object) -> None:
        self.selection = self._chosen()

    def _refuse(self, name: str, value: Any) -> None:
        self.traits()[name].validate(self, value)
        if problem := refusal(name, value, self._accepts.get(name, {})):
            raise traitlets.TraitError(problem)

    def complete(self, given: Mapping[str, Any]) -> Choices:
        """Check some choices and add the others as they are.

        Raises
        ------
        traitlets.TraitError
            If there is no such choice, or it cannot hold its value; the message says what would be accepted.
        """
        chosen = self._chosen()
        for name, value in given.items():
            if name not in chosen:
                raise traitlets.TraitError(f"there is no choice {name!r}{near(name, chosen)}")
            self._refuse(name, value)
        return {**chosen, **given}

    @traitlets.validate("selection")
    def _complete(self, proposal: Mapping[str, Any]) -> Choices:
        return self.complete(proposal["value"])

    @traitlets.observe("selection")
    def _choose(self, change: Mapping[str, Any]) -> None:
        with self.hold_sync(), self.hold_trait_notifications():
            for name, value in change["new"].items():
                setattr(self, name, value)


class WithControls(TextEquivalent, ipywidgets.VBox):  # type: ignore[misc]
    """Stock controls above a view, joined in the browser: permalinks move them, and they need no kernel.

    Parameters
    ----------
    view : View
    controls : sequence of (control, choice)
        Each control's ``value`` is linked to that trait of the view.
    """

    selection = traitlets.Dict()

    def __init__(self, view: View, controls: Sequence[tuple[ipywidgets.Widget, str]]) -> None:
        for control, name in controls:
            control.value = getattr(view, name)
            ipywidgets.jslink((control, "value"), (view, name))
        self.view = view
        super().__init__([*(control for control, _ in controls), view])
        traitlets.link((view, "selection"), (self, "selection"))
        self.add_class("guarantee-widget")
        self.add_class(f"{view.kind}-controls")

    @traitlets.validate("selection")
    def _complete(self, proposal: Mapping[str, Any]) -> Choices:
        return self.view.complete(proposal["value"])
