"""The settings as a page for operators: ``python -m service.settings_page > docs/settings.md``."""

import ast
import inspect
import types
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from service.settings import PREFIX, Settings

HEAD = """# Settings

Settings are environment variables. They are read once, when a command starts; what cannot be used is refused
there, by name, and so is a name that begins with `HERALD_` and is not listed here. Lists are separated by
commas. `herald serve --index DIR --host HOST --port PORT` take precedence over the variables.

| variable | what it chooses | values | default |
|---|---|---|---|
"""
FOOT = """
A key's hash is made with `printf %s "$KEY" | sha256sum`.
"""
WORDS = {int: "a whole number", float: "a number", str: "text", Path: "a path", bool: "`true`, `false`", dict: "a JSON object",
         tuple: "a list", SecretStr: "text"}  # fmt: skip
BOUNDS = {Ge: ("ge", "at least"), Gt: ("gt", "more than"), Le: ("le", "at most"), Lt: ("lt", "less than"),
          MinLen: ("min_length", "length at least")}  # fmt: skip


def settings_page() -> str:
    """All settings in a table, as Markdown."""
    said = _docstrings()
    rows = (_row(name, field, said.get(name, "")) for name, field in Settings.model_fields.items())
    return HEAD + "".join(rows) + FOOT


def _docstrings() -> dict[str, str]:
    """What stands below each setting. Pydantic could tell, but would read the file anew whenever a server starts."""
    (definition,) = ast.parse(inspect.getsource(Settings)).body
    assert isinstance(definition, ast.ClassDef)
    return {
        setting.target.id: str(below.value.value)
        for setting, below in pairwise(definition.body)
        if isinstance(setting, ast.AnnAssign)
        and isinstance(setting.target, ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }


def _row(name: str, field: FieldInfo, said: str) -> str:
    what = " ".join(said.replace("``", "`").split()).replace("|", "\\|")
    return f"| `{PREFIX}{name.upper()}` | {what} | {_values(field)} | {_default(field.default)} |\n"


def _values(field: FieldInfo) -> str:
    words = [_words(field.annotation)]
    for bound in field.metadata:
        attribute, phrase = BOUNDS.get(type(bound), ("", ""))
        if attribute:
            words.append(f"{phrase} {getattr(bound, attribute):,}")
    return ", ".join(words)


def _words(annotation: Any) -> str:
    kind = get_origin(annotation) or annotation
    if kind in {Union, types.UnionType}:
        return _words(next(each for each in get_args(annotation) if each is not type(None)))
    if kind is Literal:
        return ", ".join(f"`{value}`" for value in get_args(annotation))
    if issubclass(kind, Enum):
        return ", ".join(f"`{each.value}`" for each in kind)
    return WORDS[kind]


def _default(value: object) -> str:
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value.value if isinstance(value, Enum) else value}`"


if __name__ == "__main__":
    print(settings_page(), end="")  # noqa: T201 - its output is the page
