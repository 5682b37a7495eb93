"""The names that a cell reads, brings in and assigns."""

import ast
import symtable
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

# What a program needs to look at its caller, at the test's text or below the interpreter, and coursework does not.
PRYING = frozenset(
    [
        *("_getframe", "_current_frames", "currentframe", "f_back", "f_locals", "tb_frame", "gi_frame", "cr_frame"),
        *("co_consts", "settrace", "setprofile", "get_objects", "get_referrers", "get_referents", "addaudithook"),
        *("linecache", "parent_header", "get_parent", "history_manager", "input_hist_raw", "input_hist_parsed"),
        *("_ih", "In", "ctypes"),
    ]
)
_COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")


@dataclass(frozen=True)
class Source:
    """What a cell's text says of names.

    Attributes
    ----------
    used, defined : frozenset of str
        Names that it reads; functions, classes and imports that it brings in.
    assigned : frozenset of str
        Everything else that it assigns.
    imports : dict
        Name to module and attribute; the attribute is None for a module.
    dotted : frozenset of str
        Names with their attributes, such as ``np.testing.assert_allclose``.
    prying : frozenset of str
        Names out of :data:`PRYING`, also as attributes and in strings.
    value : bool
        Whether it ends in an expression, which nbgrader may read as a partial score.
    reached : frozenset of str
        Names that it reads or imports, and attributes.
    identity : bool
        Whether it hangs on two things not being the very same object, such as a list and a copy of it.
    settings : dict
        Name of a function, class or variable that it sets or deletes for the whole notebook, to how it does.
    shared : frozenset of str
        Names of the whole notebook that its functions read.
    reads : frozenset of str
        Names of the whole notebook that any of it reads.
    sets : frozenset of str
        Names of the whole notebook that it brings in or assigns.
    altered : frozenset of str
        Names of things in which it sets an attribute or an item.
    """

    used: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    imports: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    dotted: frozenset[str] = frozenset()
    prying: frozenset[str] = frozenset()
    value: bool = False
    reached: frozenset[str] = frozenset()
    identity: bool = False

    settings: Mapping[str, str] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    altered: frozenset[str] = frozenset()

    @property
    def brings(self) -> frozenset[str]:
        """Every name that it brings in or assigns."""
        return self.defined | self.assigned

    @classmethod
    @lru_cache(maxsize=1024)  # the instructor's cells come again with every submission
    def of(cls, text: str) -> "Source":
        """Read a cell; one that is no Python uses and defines nothing."""
        try:
            text = TransformerManager().transform_cell(text)
            tree, table = ast.parse(text), symtable.symtable(text, "cell", "exec")
        except (SyntaxError, ValueError, RecursionError):
            return cls()
        imports: dict[str, tuple[str, str | None]] = {}
        used, defined, assigned, mentioned, attributes = (set[str]() for _ in range(5))
        nodes = list(ast.walk(tree))
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    root = alias.name.split(".")[0]
                    imports[alias.asname or root] = (alias.name if alias.asname else root, None)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                imports.update({alias.asname or alias.name: (node.module, alias.name) for alias in node.names})
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                defined.add(node.name)
            elif isinstance(node, ast.Name):
                (used if isinstance(node.ctx, ast.Load) else assigned).add(node.id)
            elif isinstance(node, ast.Attribute):
                attributes.add(node.attr)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                mentioned.update({node.value} - {"In"})
        brought_in = {name for origin in imports.values() for name in origin if name}
        return cls(
            frozenset(used),
            frozenset(defined | imports.keys()),
            frozenset(assigned),
            imports,
            frozenset(_dotted(nodes)),
            PRYING & ((used - assigned) | attributes | mentioned | brought_in),
            bool(tree.body) and isinstance(tree.body[-1], ast.Expr),
            frozenset(used | attributes | brought_in),
            any(map(_forbids_identity, nodes)),
            dict(_settings(tree.body)),
            frozenset(_global_reads(table, inside=False)),
            frozenset(_global_reads(table, inside=True)),
            frozenset(
                symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()
            ),
            frozenset(_altered(nodes)),
        )


def _dotted(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        chain = []
        while isinstance(node, ast.Attribute):
            chain.append(node.attr)
            node = node.value
        if chain and isinstance(node, ast.Name):
            yield ".".join([node.id, *reversed(chain)])


def _forbids_identity(node: ast.AST) -> bool:
    """Say whether a node has ``is not``, ``is`` in a negation or a condition, or ``is`` between parts of things."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return any(map(_compares_identity, ast.walk(inner)))
        case ast.If(test=inner) | ast.IfExp(test=inner) | ast.While(test=inner):
            return any(map(_compares_identity, ast.walk(inner)))
        case ast.comprehension(ifs=conditions):
            return any(_compares_identity(inner) for condition in conditions for inner in ast.walk(condition))
        case ast.Compare(ops=operators) if _compares_identity(node):
            sides = (node.left, *node.comparators)
            parts = any(isinstance(side, ast.Subscript | ast.Attribute) for side in sides)
            return parts or any(isinstance(operator, ast.IsNot) for operator in operators)
    return False


def _compares_identity(node: ast.AST) -> bool:
    """Say whether a node compares the identity of two things, neither of them ``None``, ``True`` or the like."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    return any(
        isinstance(operator, ast.Is | ast.IsNot)
        and not any(isinstance(side, ast.Constant) for side in sides[place : place + 2])
        for place, operator in enumerate(node.ops)
    )


def _global_reads(table: symtable.SymbolTable, inside: bool) -> Iterator[str]:
    """Name the globals that a scope, if we are `inside` one that counts, and the scopes in it read."""
    for symbol in table.get_symbols():
        if inside and symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for inner in table.get_children():
        function = inner.get_type() == "function" and inner.get_name() not in _COMPREHENSIONS
        yield from _global_reads(inner, inside or function)


def _settings(statements: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """Give what statements set outside functions, other than the variables of loops."""
    for statement in statements:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, ast.dump(statement)
            case ast.Assign(targets=targets) | ast.Delete(targets=targets):
                yield from _targets(targets, statement)
            case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                yield from _targets([target], statement)
            case _:
                for block in ("body", "orelse", "finalbody", "handlers", "cases"):
                    for inner in getattr(statement, block, []):
                        yield from _settings([inner] if isinstance(inner, ast.stmt) else inner.body)


def _targets(targets: Iterable[ast.expr], statement: ast.stmt) -> Iterator[tuple[str, str]]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                yield node.id, ast.dump(statement)


def _altered(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
            owner: ast.expr = node
            while isinstance(owner, ast.Attribute | ast.Subscript):
                owner = owner.value
            if isinstance(owner, ast.Name):
                yield owner.id
