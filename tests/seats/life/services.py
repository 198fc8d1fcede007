"""Which services write blocks, found in their source: none can be forgotten by a life.

A service is a public function of `seats.services` all of whose parameters are named (the house's
way of writing what pages and the API call). It writes blocks if it, or any function that it calls,
changes rows of `SeatBlock`.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from hypothesis.stateful import RULE_MARKER

import seats.services

WRITES = {"bulk_create", "bulk_update", "create", "delete", "save", "update"}


def writers() -> set[Callable[..., Any]]:
    """The services that write blocks."""
    return {
        function
        for module in _modules()
        for function in _functions(module)
        if _is_service(function) and any(map(_touches_blocks, reached_from(function)))
    }


def reached_from(function: Callable[..., Any]) -> set[FunctionType]:
    """The function, and every function of the seats' services that it calls in the end."""
    found: set[FunctionType] = set()
    ways = [function]
    while ways:
        one = ways.pop()
        if one not in found:
            found.add(one)
            ways += [other for other in _called_by(one) if _is_ours(other)]
    return found


def rules_of(machine: type) -> dict[Any, set[str]]:
    """By service the rules of a machine that call it, themselves or by a method of theirs."""
    found: dict[Any, set[str]] = {}
    for start in _rules(machine):
        ways, seen = [start], set()
        while ways:
            name = ways.pop()
            method = _plain(getattr(machine, name, None))
            if name not in seen and isinstance(method, FunctionType):
                seen.add(name)
                node = ast.parse(textwrap.dedent(inspect.getsource(method)))
                ways += [one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)]
                for value in _meant_by(node, method):
                    found.setdefault(value, set()).add(start)
    return found


def _plain(method: Any) -> Any:
    """A rule as it was written."""
    marker = getattr(method, RULE_MARKER, None)
    return inspect.unwrap(marker.function if marker else method)


def _rules(machine: type) -> list[str]:
    """The names of its rules."""
    return [name for name, value in inspect.getmembers(machine) if hasattr(value, RULE_MARKER)]


def _meant_by(node: ast.AST, method: FunctionType) -> Iterator[Any]:
    """The functions that the names of a method mean; those of a table, where one is named."""
    for one in ast.walk(node):
        value = method.__globals__.get(one.id) if isinstance(one, ast.Name) else None
        values = value if isinstance(value, dict) else [value]
        yield from (some for some in values if isinstance(some, FunctionType))


def _modules() -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(seats.services.__path__, "seats.services."):
        yield importlib.import_module(info.name)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            yield value


def _is_service(function: FunctionType) -> bool:
    code = function.__code__
    is_public = not function.__name__.startswith("_")
    return is_public and code.co_argcount == 0 and code.co_kwonlyargcount > 0


def _is_ours(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__module__.startswith("seats.services")


@cache
def _tree(module: str) -> dict[str, ast.AST]:
    """Functions and classes of a module by name; methods with their class."""
    source = importlib.util.find_spec(module).loader.get_source(module)
    return {node.name: node for node in ast.parse(source).body if hasattr(node, "name")}


def _node(function: FunctionType) -> ast.AST:
    return _tree(function.__module__)[function.__qualname__.partition(".")[0]]


def _called_by(function: FunctionType) -> Iterator[Any]:
    """What its names mean in its module; for a class all of its methods."""
    names = {node.id for node in ast.walk(_node(function)) if isinstance(node, ast.Name)}
    for name in names:
        value = function.__globals__.get(name)
        value = getattr(value, "__wrapped__", value)  # a context manager is its function
        if isinstance(value, type) and value.__module__.startswith("seats.services"):
            yield from (one for one in vars(value).values() if isinstance(one, FunctionType))
        else:
            yield value


def _touches_blocks(function: FunctionType) -> bool:
    """Whether it changes rows: `SeatBlock.objects…update(…)`, `new_block(…).save()`, or by SQL."""
    node = _node(function)
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    attributes = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    about_blocks = names & {"SeatBlock", "_RESHAPE"} or "blocks" in attributes
    return bool(about_blocks and (attributes & WRITES or "_RESHAPE" in names))
