"""How the code is built: what a linter of imports or of style does not see."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from tests.source import ROOMS, ROOT, product_files, tree_of

VIEW_LINES = 15
FILE_LINES = 400

FILES = {path.relative_to(ROOT).as_posix(): path for path in product_files()}


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))


def _views(path: Path) -> Iterator[ast.FunctionDef]:
    """What answers a request, with all that it is made of: its first argument is the request."""
    if "views" in {path.stem, path.parent.name}:
        for function in _functions(path):
            if function.args.args and function.args.args[0].arg == "request":
                yield function


def _lines_of_body(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0  # type: ignore[operator]


def test_a_view_has_at_most_fifteen_lines_of_body():
    lines = {
        f"{name}:{view.name}": _lines_of_body(view)
        for name, path in FILES.items()
        for view in _views(path)
    }

    assert len(lines) > 40
    assert {view: count for view, count in lines.items() if count > VIEW_LINES} == {}


def test_a_file_has_at_most_four_hundred_lines():
    lines = {name: path.read_text().count("\n") for name, path in FILES.items()}

    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_imports_are_at_the_top():
    inside = {
        f"{name}:{function.name}": ast.unparse(node)
        for name, path in FILES.items()
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert inside == {}


def test_nothing_is_called_utils():
    vague = {"utils", "util", "helpers", "common", "misc"}

    assert [name for name in FILES if vague & {*Path(name).parts, Path(name).stem}] == []


def test_rules_are_called_by_name_never_by_signal():
    """A signal of the worker (celery) is none of Django's: nothing is saved behind one's back."""
    using = {
        name
        for name, path in FILES.items()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("django.db.models.signals", "django.dispatch"))
    }

    assert using == set()


OUR_MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in ROOMS and not hasattr(model, "pgh_tracked_model")
]


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
class TestAModel:
    def test_says_what_it_is(self, model):
        assert not model.__doc__.startswith(f"{model.__name__}("), "only Django's own docstring"

    def test_does_nothing_of_its_own_when_it_is_saved(self, model):
        """Rules live in services: a row is saved as it is."""
        own = {name for kind in model.__mro__ for name in vars(kind) if _is_ours(kind)}

        assert own.isdisjoint({"save", "delete", "clean", "full_clean", "save_base"})

    def test_lets_nothing_go_with_what_it_belongs_to(self, model):
        """on_delete=PROTECT, but for what is nothing without its person."""
        cascades = {
            field.name
            for field in model._meta.concrete_fields
            if field.remote_field and field.remote_field.on_delete is not models.PROTECT
        }

        assert cascades <= {
            "ApiToken": {"user"},
            "IdempotencyKey": {"user"},
        }.get(model.__name__, set())


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in ROOMS
