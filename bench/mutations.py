"""Small changes to a module's source that should make a test fail: where they can be made, and the changed source.

A change is one of these, at any place of a function, a constant or a default value:

    <  <=    >  >=    ==  !=    in  not in    is  is not     each for the other
    and  or    +  -    *  /    //  *    %  *    &  |         each for the other, or the first for the second
    min  max    any  all    break  continue                  each for the other
    not x -> x        if x -> if not x (a name, a call)      a number -> one more, or twice it
    True -> False                a call whose value nobody takes -> pass

Nothing is changed where a change means nothing to a caller: annotations, decorators, docstrings, what is logged,
``assert`` (it narrows types), the texts of errors (strings are never changed), ``strict=`` of ``zip``, and f-strings
(their places are not known before Python 3.12).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
TEN = 10
LOGGERS = {"log", "logger"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change to one module.

    Attributes:
        path: The module's file, as it was given.
        line: Where the change begins, from 1.
        start: The first byte that is replaced.
        end: The byte after the last one.
        before: What stands there, on one line.
        after: What replaces it.
        source: The module, unchanged.
    """

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str
    source: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before}  ->  {self.after}"


def mutants(source: str, path: str) -> tuple[Mutant, ...]:
    """Return every change that can be made to a module, by place."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    made = []
    for node, new in _changes(ast.parse(source)):
        start = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        before, after = ast.unparse(node), new
        made.append(
            Mutant(path=path, line=node.lineno, start=start, end=end, before=before, after=after, source=source)
        )
    return tuple(sorted(made, key=lambda mutant: (mutant.start, mutant.end, mutant.after)))


def applied(mutant: Mutant) -> str:
    """Return the module's source with a change made."""
    raw = mutant.source.encode()
    return (raw[: mutant.start] + mutant.after.encode() + raw[mutant.end :]).decode()


class Function(NamedTuple):
    """A function of a module or a class: its qualified name, and its first line, which is that of a decorator."""

    name: str
    line: int


def changed_function(mutant: Mutant) -> Function | None:
    """Return the function whose body a change is in; None for what runs when the module is imported."""
    line_starts = [0]
    for line in mutant.source.encode().splitlines(keepends=True):
        line_starts.append(line_starts[-1] + len(line))

    def inside(body: list[ast.stmt], prefix: str) -> Function | None:
        for node in body:
            match node:
                case ast.ClassDef():
                    if found := inside(node.body, f"{prefix}{node.name}."):
                        return found
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    first, end = node.body[0], line_starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
                    if line_starts[first.lineno - 1] + first.col_offset <= mutant.start < end:
                        line = min(each.lineno for each in (node, *node.decorator_list))
                        return Function(f"{prefix}{node.name}", line)
        return None

    return inside(ast.parse(mutant.source).body, "")


Place = ast.expr | ast.stmt


def _changes(tree: ast.AST) -> Iterator[tuple[Place, str]]:
    """Give each node that can be changed, with the text that replaces it."""
    for node in _walk(tree):
        if isinstance(node, ast.expr):
            for new in _of_expression(node):
                yield node, new
        elif isinstance(node, ast.stmt):
            for new in _of_statement(node):
                yield node, new
        for test in _bare_tests(node):
            yield test, f"(not {ast.unparse(test)})"


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Give the nodes below one, but for what is left alone."""
    if isinstance(node, (ast.Assert, ast.JoinedStr, ast.Import, ast.ImportFrom)) or _logs(node) or _for_types(node):
        return
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not (isinstance(child, ast.keyword) and child.arg == "strict"):
                yield from _walk(child)


def _logs(node: ast.AST) -> bool:
    """Tell whether this statement only writes to the log, or decides whether to."""
    match node:
        case ast.If(body=body, orelse=[]):
            return all(map(_logs, body))
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
            return name in LOGGERS
    return False


def _for_types(node: ast.AST) -> bool:
    """Tell whether this means something to a type checker alone."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Name(id="cast" | "NewType" | "TypeVar")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
            return True
        case ast.Assign(value=ast.BinOp(op=ast.BitOr(), left=ast.Name(id=left), right=ast.Name(id=right))):
            return not left.isupper() and left[:1].isupper() and right[:1].isupper()  # a union of classes
    return False


def _of_expression(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"({ast.unparse(ast.BoolOp(op=other, values=node.values))})"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"({ast.unparse(operand)})"
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node.left) and not _is_text(node.right):
            changed = ast.BinOp(left=node.left, op=ARITHMETIC[type(node.op)](), right=node.right)
            yield f"({ast.unparse(changed)})"
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            yield ast.unparse(ast.Call(func=ast.Name(id=CALLS[name]), args=node.args, keywords=node.keywords))
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int() | float() as number):
            yield repr(_larger(number))


def _larger(number: float) -> float:
    """Return a number that makes a difference: the next one, or twice as much of a fraction or from ten on."""
    if isinstance(number, int) and abs(number) < TEN:
        return number + 1
    return 2 * number or 1.0


def _compared(node: ast.Compare) -> Iterator[str]:
    for place, operator in enumerate(node.ops):
        ops = [*node.ops[:place], COMPARISONS[type(operator)](), *node.ops[place + 1 :]]
        yield ast.unparse(ast.Compare(left=node.left, ops=ops, comparators=node.comparators))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)))


def _of_statement(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Break():
            yield "continue"
        case ast.Continue():
            yield "break"
        case ast.Expr(value=ast.Call()):
            yield "pass"
        case ast.AugAssign(op=ast.Add() | ast.Sub() as op):
            yield ast.unparse(ast.AugAssign(target=node.target, op=ARITHMETIC[type(op)](), value=node.value))


def _bare_tests(node: ast.AST) -> Iterator[ast.expr]:
    """Give the conditions below a node that are no comparison: a name, an attribute, a call."""
    tests: list[ast.expr] = []
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            tests = [test]
        case ast.comprehension(ifs=ifs):
            tests = ifs
    yield from (test for test in tests if isinstance(test, (ast.Name, ast.Attribute, ast.Call, ast.NamedExpr)))
