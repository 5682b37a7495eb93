"""What every widget shares: where its script and style come from, and a text form for readers without scripts."""

import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = re.compile(r'import \{[^}]*\} from "\./front_end\.js";\n')


def script(name: str) -> str:
    """Read ``<name>.js`` with the shared module in place of its import: a browser gets a widget as one text."""
    shared = (HERE / "front_end.js").read_text(encoding="utf-8").replace("export function", "function")
    return SHARED.sub(lambda _: shared, (HERE / f"{name}.js").read_text(encoding="utf-8"), count=1)


def style(name: str) -> str:
    """Read ``<name>.css`` after the shared style."""
    return "".join((HERE / f"{part}.css").read_text(encoding="utf-8") for part in ("front_end", name))


class TextEquivalent:
    """Shows a widget's view where there is one, and the same content as plain HTML elsewhere."""

    model_id: str

    def text_equivalent(self) -> str:
        """Write the content of the widget as HTML that needs no script."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        shown = {
            "text/plain": f"{type(self).__name__}()",
            "text/html": self.text_equivalent(),
            "application/vnd.jupyter.widget-view+json": view,
        }
        return shown, {}
