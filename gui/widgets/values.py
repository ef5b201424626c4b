"""What a settings field holds, read off its declaration; and how a person's text becomes its value.

One `Kind` a field is all that forms and tables know of pydantic: which editor shows it, how it reads as text, and
what typed text means.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from engine.choices import Registry
from engine.errors import LayerloomError
from engine.recipe.changes import number_said
from gui.widgets.range_words import end_text, range_text


class Editor(StrEnum):
    """The editors that forms are made of."""

    INTEGER = "integer"
    REAL = "real"
    RANGE = "range"
    SHARE = "share"
    SLIDER = "slider"
    PAIR = "pair"
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"
    LIST = "list"
    TABLE = "table"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """One field of a settings model as an editor needs it.

    ``words`` are values that are typed as a word where numbers are expected ("same"), or the choices of a choice, and
    ``labels`` what people call them. ``registry`` is where the choices come from that have settings of their own.
    ``neutral`` is the value of a range that changes nothing, ``track`` the ends of the line on which it is moved;
    ``above`` is what its values must be more than. `engine.settings.setting` says what ``section``, ``row`` and
    ``when_on`` are; ``length`` is how many numbers a list has, 0 where that is open.
    """

    name: str
    title: str
    editor: Editor
    default: Any
    unit: str = ""
    help: str = ""
    advanced: bool = False
    words: tuple[Any, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    labels: tuple[str, ...] = ()
    registry: Registry[Any] | None = None
    neutral: float = 0.0
    track: tuple[float, float] = (0.0, 1.0)
    above: float = -math.inf
    section: str = ""
    row: str = ""
    when_on: float | None = None
    length: int = 0

    @property
    def signed(self) -> bool:
        """Whether the values of a range read better with their sign."""
        return self.neutral == 0 and self.track[0] < 0


class TypedError(LayerloomError):
    """The typed text does not stand for a value."""


def kinds_of(model: type[BaseModel]) -> tuple[Kind, ...]:
    """The fields of a settings model, in order."""
    return tuple(_kind(name, field) for name, field in model.model_fields.items())


def _kind(name: str, field: FieldInfo) -> Kind:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    registry, optional = _registry(field)
    if registry is not None:
        words: tuple[Any, ...] = ((None,) if optional else ()) + tuple(registry)
        editor = Editor.CHOICES if get_origin(field.annotation) is tuple else Editor.CHOICE
        labels = tuple("Automatic" if w is None else registry[w].title for w in words)
    else:
        editor, words = (Editor.RANGE, ()) if "neutral" in extra else _editor(field.annotation)
        editor = Editor.SLIDER if editor is Editor.REAL and "track" in extra else editor
        labelled = extra.get("labels")
        own = labelled if isinstance(labelled, dict) else {}
        if editor is Editor.INTEGER:
            words = (*words, *map(int, own))
        labels = tuple(str(own[str(word)]) if str(word) in own else label_of(word) for word in words)
    bounds = tuple(_bounds(field.annotation, field.metadata))
    return Kind(
        name,
        field.title or name.replace("_", " ").capitalize(),
        editor,
        field.get_default(call_default_factory=True),
        str(extra.get("unit", "")),
        field.description or "",
        bool(extra.get("advanced", False)),
        words,
        max((b.ge for b in bounds if isinstance(b, Ge) and isinstance(b.ge, int | float)), default=-math.inf),
        min((b.le for b in bounds if isinstance(b, Le) and isinstance(b.le, int | float)), default=math.inf),
        labels,
        registry,
        *_line(extra),
        max((b.gt for b in bounds if isinstance(b, Gt) and isinstance(b.gt, int | float)), default=-math.inf),
        str(extra.get("section", "")),
        str(extra.get("row", "")),
        _when_on(extra),
        _length(field.metadata) if editor is Editor.LIST else 0,
    )


def _when_on(extra: dict[str, Any]) -> float | None:
    value = extra.get("when_on")
    return value if isinstance(value, int | float) else None


def _length(metadata: Iterable[Any]) -> int:
    """How many values there must be, 0 where that is open."""
    notes = list(metadata)
    least = next((note.min_length for note in notes if isinstance(note, MinLen)), 0)
    return least if any(isinstance(note, MaxLen) and note.max_length == least for note in notes) else 0


def _line(extra: dict[str, Any]) -> tuple[float, tuple[float, float]]:
    """Where a range changes nothing, and the ends of the line on which it is moved."""
    low, high = extra.get("track", (0.0, 1.0))
    return float(extra.get("neutral", 0.0)), (float(low), float(high))


def _registry(field: FieldInfo) -> tuple[Registry[Any] | None, bool]:
    """The registry that a field's choices come from, if they do, and whether none may be chosen."""
    parts = get_args(field.annotation)
    notes = [*field.metadata, *(note for part in parts if get_origin(part) is Annotated for note in get_args(part)[1:])]
    return next((note for note in notes if isinstance(note, Registry)), None), type(None) in parts


def label_of(word: Any) -> str:
    """What people call one of a few words."""
    own = getattr(word, "label", None)
    if isinstance(own, str):
        return own
    return "none" if word is None else str(word.value if isinstance(word, Enum) else word).replace("_", " ")


def _bounds(annotation: Any, metadata: Iterable[Any]) -> Iterator[Ge | Le | Gt]:
    """The limits noted on a field, or on the numbers it is made of."""
    for note in metadata:
        if isinstance(note, FieldInfo):
            yield from _bounds(None, note.metadata)
        elif isinstance(note, Ge | Le | Gt):
            yield note
    if get_origin(annotation) is Annotated:
        yield from _bounds(get_args(annotation)[0], get_args(annotation)[1:])
    elif get_args(annotation) and get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from _bounds(part, ())


def _editor(annotation: Any) -> tuple[Editor, tuple[Any, ...]]:
    if get_origin(annotation) is Annotated:
        return _editor(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _union(get_args(annotation))
    if get_origin(annotation) is Literal:
        return Editor.CHOICE, get_args(annotation)
    if get_origin(annotation) is tuple:
        return _tuple(get_args(annotation)), ()
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return Editor.CHOICE, tuple(annotation)
    simple = {bool: Editor.SWITCH, int: Editor.INTEGER, float: Editor.REAL}
    return simple.get(annotation, Editor.TEXT), ()


def _tuple(members: tuple[Any, ...]) -> Editor:
    if len(members) == 2 and Ellipsis not in members:
        return Editor.PAIR
    return Editor.TABLE if _editor(members[0])[0] in (Editor.LIST, Editor.PAIR) else Editor.LIST


def _union(members: tuple[Any, ...]) -> tuple[Editor, tuple[Any, ...]]:
    """A union is its first member's editor that also takes the other members' words."""
    editors = [_editor(member) for member in members if member is not type(None)]
    words = tuple(word for editor, words in editors[1:] if editor is Editor.CHOICE for word in words)
    return editors[0][0], (*editors[0][1], *words, *((None,) if type(None) in members else ()))


# Text to value and back


def to_text(kind: Kind, value: Any) -> str:
    """A value as it is typed: "3×3", "0.5", "same"."""
    if value is None:
        return "none"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int) and value in kind.words and kind.labels:
        return kind.labels[kind.words.index(value)]
    if kind.editor is Editor.RANGE:
        return range_text(value, kind.unit, signed=kind.signed)
    if kind.editor is Editor.SHARE:
        return end_text(value, kind.unit)
    if isinstance(value, tuple | list):
        rows = kind.editor is Editor.TABLE and value and isinstance(value[0], tuple)
        sign = "×" if kind.editor is Editor.PAIR else "; " if rows else ", "
        return sign.join(to_text(kind, item) for item in value)
    return number_said(value) if isinstance(value, float) else str(value)


def in_force(kind: Kind, value: Any) -> str:
    """Which value counts while what is typed is refused; None stands for several: "0.003 stays in force."."""
    untold = value is None or kind.editor is Editor.CHOICES
    return f"{'What was there before' if untold else to_text(kind, value)} stays in force."


def from_text(kind: Kind, text: str) -> Any:
    """The value that a typed text stands for; raises `TypedError` with what to type instead."""
    text = text.strip()
    words = {to_text(kind, word).lower(): word for word in kind.words}
    if text.lower() in words:
        return words[text.lower()]
    match kind.editor:
        case Editor.INTEGER | Editor.REAL:
            return arithmetic(text)
        case Editor.RANGE:
            return numbers_in(text)
        case Editor.PAIR:
            numbers = numbers_in(text)
            return numbers * 2 if len(numbers) == 1 else numbers
        case Editor.LIST:
            return _list(text)
        case Editor.TABLE:
            return tuple(_list(row) for row in text.split(";") if row.strip())
        case Editor.SWITCH if text.lower() in ("on", "off", "true", "false", "yes", "no"):
            return text.lower() in ("on", "true", "yes")
        case Editor.TEXT:
            return text
    options = ["on", "off"] if kind.editor is Editor.SWITCH else list(words)
    raise TypedError(f"{kind.title} is one of {', '.join(options)}.")


def _list(text: str) -> tuple[int | float, ...]:
    return tuple(arithmetic(part) for part in re.split(r"[,\s]+", text.strip("()[] ")) if part)


def numbers_in(text: str) -> tuple[int | float, ...]:
    """The numbers of "3", "3x5" or "3 × 2+3"."""
    return tuple(arithmetic(part) for part in re.split(r"[x×,]", text.lower().strip("() ")))


_WHAT_TO_TYPE = "Type a number or arithmetic, such as 64 or 64*2."
_ARITHMETIC = re.compile(r"[0-9eE.+\-*/() ]{1,40}")
_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


# "0,001" and "1,5", but not "1,000", which is a thousand to some people and 1 to others
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(?:(0?),(?=\d+(?![\d.,]))|([1-9]\d*),(?=\d+(?![\d.,]))(?!\d{3}(?!\d)))")


def arithmetic(text: str) -> int | float:
    """The number that "64*2", "(224-11)/3", "1e-3" or "0,001" stands for; whole where it comes out whole."""
    text = _DECIMAL_COMMA.sub(r"\1\2.", text.strip().replace("−", "-").replace("·", "*"))
    if not _ARITHMETIC.fullmatch(text):
        raise TypedError(_WHAT_TO_TYPE)
    try:
        value = _number(ast.parse(text, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError) as error:
        raise TypedError(_WHAT_TO_TYPE) from error
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(tree: ast.expr) -> int | float:
    match tree:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool) and abs(value) < 1e12:
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_number(operand)
        case ast.BinOp(left=left, op=operation, right=right) if type(operation) in _OPERATIONS:
            return _OPERATIONS[type(operation)](_number(left), _number(right))
    raise ValueError("not arithmetic")
