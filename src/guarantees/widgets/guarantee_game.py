"""The guarantee game inside a widget's script: ``guarantee_game.js``, the twin of `guarantees.deterrence`."""

import re

from guarantees.widgets.front_end import HERE

EXPORTED = re.compile(r"^export function (\w+)", re.MULTILINE)
WANTED = re.compile(r'import (\{[^}]*\}) from "\./guarantee_game\.js";\n')


def twin() -> str:
    """Read the game as an ES module."""
    return (HERE / "guarantee_game.js").read_text(encoding="utf-8")


def with_game(script: str) -> str:
    """Put the game in place of a script's import of it: a browser gets a widget as one text."""
    names = ", ".join(EXPORTED.findall(twin()))
    module = f"(() => {{\n{twin().replace('export function', 'function')}\nreturn {{ {names} }};\n}})();\n"
    return WANTED.sub(lambda wanted: f"const {wanted[1]} = {module}", script, count=1)
