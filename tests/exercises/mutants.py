"""Small slips in a reference solution, each of which the tests of its question should notice."""

import ast
from collections.abc import Iterator

SWAPPED_OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
SWAPPED_NAMES = {
    "min": "max",
    "minimum": "maximum",
    "sum": "max",
    "mean": "sum",
    "any": "all",
    "abs": "float",
    "head": "tail",
}
SWAPPED_NAMES |= {new: old for old, new in SWAPPED_NAMES.items() if old in ("min", "minimum", "any", "head")}


def mutants(solution: str) -> Iterator[tuple[str, str]]:
    """Change one operator, number, truth value, minimum or the like at a time.

    Yields
    ------
    tuple of str
        The line with its change, and the whole solution with it.
    """
    lines = solution.splitlines()
    for place in range(len(list(ast.walk(ast.parse(solution))))):
        for step in (1, -1):
            tree = ast.parse(solution)
            node = list(ast.walk(tree))[place]
            if step == -1 and not _is_number(node):
                break
            before = ast.unparse(node)
            if _change(node, step):
                yield f"{lines[node.lineno - 1].strip()}  # {before} -> {ast.unparse(node)}", ast.unparse(tree)


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _change(node: ast.AST, step: int) -> bool:
    """Change a node in place, if there is a rule for it."""
    if _is_number(node):
        node.value += step
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPPED_OPERATORS:
        node.ops[0] = SWAPPED_OPERATORS[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPPED_OPERATORS:
        node.op = SWAPPED_OPERATORS[type(node.op)]()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        # Not not: as good as nothing.
        node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Name) and node.id in SWAPPED_NAMES:
        node.id = SWAPPED_NAMES[node.id]
    elif isinstance(node, ast.Attribute) and node.attr in SWAPPED_NAMES:
        node.attr = SWAPPED_NAMES[node.attr]
    else:
        return False
    return True
