"""YAML files that people write, read with the path and the line of every value."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.spreadsheets import Place, Problems
from web.refusals import Refusal

DEEPEST = 12
MOST_NODES = 500_000  # after aliases: a file that names itself over and over ends here


class NotYaml(Refusal):
    """The file cannot be read as YAML."""

    status = 400
    code = "not_yaml"
    title = gettext_lazy("Not a YAML file")


class Node:
    """A value of the file and where it stands. `value`: a dict or list of nodes, or plain."""

    def __init__(self, value: Any, place: Place) -> None:
        self.value = value
        self.place = place

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_yaml(data: bytes, problems: Problems) -> Node:
    """The file's one document. Keys that are there twice go to `problems`. Raises `NotYaml`."""
    try:
        loader = yaml.SafeLoader(data)
        root = loader.get_single_node()
        return _Reader(loader, problems).node(root, "", 0)
    except yaml.YAMLError as error:
        raise NotYaml(_what_is_wrong(error)) from None


def _what_is_wrong(error: yaml.YAMLError) -> str:
    """What PyYAML says in English for programmers, in the words of who writes the file."""
    mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
    if mark is None:  # not even characters
        return _("This is no text in UTF-8. Save the file as UTF-8 text.")
    where = {"line": mark.line + 1, "column": mark.column + 1}
    if isinstance(error, yaml.constructor.ConstructorError):
        return _("Line %(line)d: words that begin with ! are not read here.") % where
    if "'\\t'" in str(error):
        return _("Line %(line)d begins with a tab. Indent with spaces only.") % where
    return (
        _(
            "Line %(line)d, column %(column)d is no YAML. Look there and in the line before at "
            "indentation, colons, quotation marks and brackets."
        )
        % where
    )


class _Reader:
    """Walks the tree that PyYAML composed, and builds ours beside it."""

    def __init__(self, loader: yaml.SafeLoader, problems: Problems) -> None:
        self.loader = loader
        self.problems = problems
        self.count = 0

    def node(self, node: yaml.Node | None, path: str, depth: int) -> Node:
        """Our node for PyYAML's, which stands at `path`."""
        self.count += 1
        if self.count > MOST_NODES or depth > DEEPEST:
            raise NotYaml(_("The file is nested too deeply, or holds too much."))
        line = node.start_mark.line + 1 if node else 1
        place = Place("", f"{path or 'file'} (line {line})")
        return Node(self._value(node, path, depth, place), place)

    def _value(self, node: yaml.Node | None, path: str, depth: int, place: Place) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth, place)
        if isinstance(node, yaml.SequenceNode):
            return [
                self.node(item, f"{path}[{position}]", depth + 1)
                for position, item in enumerate(node.value)
            ]
        return self._scalar(node) if node else None

    def _scalar(self, node: yaml.Node) -> Any:
        """The plain value; as text where it only looks like one, such as 2024-02-30."""
        try:
            return self.loader.construct_object(node)
        except ValueError:
            return node.value

    def _mapping(
        self, node: yaml.MappingNode, path: str, depth: int, place: Place
    ) -> dict[str, Node]:
        mapping: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = str(self._scalar(key_node))
            child = self.node(value_node, f"{path}.{key}" if path else key, depth + 1)
            if key in mapping:
                self.problems.add(child.place, _("“%(key)s” is there twice.") % {"key": key})
            mapping[key] = child
        return mapping
