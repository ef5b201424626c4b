"""Everything of one kind that can be chosen, by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar, cast

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from engine.choices.choice import Choice
from engine.choices.failing import Blaming
from engine.errors import LayerloomError
from engine.reasons import reason

C = TypeVar("C", bound=BaseModel)
D = TypeVar("D", bound=BaseModel)

_MOST_LISTED = 12  # names that a sentence lists


class Registry(Mapping[str, type[C]], Generic[C]):
    """Classes by name, in the order they were registered.

    It is also what makes a settings field hold one of them: ``optimiser: Annotated[Optimiser, OPTIMISERS]``. Such a
    field takes a choice, its name, or what is saved of it, ``{"name": "sgd", "momentum": 0.9}``, and saves that.
    """

    def __init__(
        self,
        title: str,
        *,
        one: str,
        name_of: Callable[[type[Any]], str] = lambda kind: str(kind.name),
        several: bool = False,
    ) -> None:
        """``title`` is the registry's name for scripts, ``one`` what people call one of its choices.

        Where ``several`` are chosen together, a sentence about a setting says of which.
        """
        self.title = title
        self.one = one
        self._name_of = name_of
        self._several = several
        self._classes: dict[str, type[C]] = {}
        self._aliases: dict[str, str] = {}

    def __getitem__(self, name: str) -> type[C]:
        return self._classes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def register(self, kind: type[D]) -> type[D]:
        """Add a class; raises ``ValueError`` if one of its names is taken, or it cannot work as it is declared."""
        if issubclass(kind, Choice):
            self._require_whole(kind)
        name, aliases = self._name_of(kind), kind.aliases if issubclass(kind, Choice) else ()
        taken = [word for word in (name, *aliases) if word in self._classes or word in self._aliases]
        if taken:
            raise ValueError(f"{self.one} '{taken[0]}' is registered already")
        if "name" in kind.model_fields:
            raise ValueError(f"{self.one} '{name}' may not have a setting called name")
        self._classes[name] = cast(type[C], kind)
        self._aliases |= dict.fromkeys(aliases, name)
        return kind

    def unregister(self, name: str) -> None:
        """Take a class out again, as a test does with what it added."""
        del self._classes[name]
        self._aliases = {alias: owner for alias, owner in self._aliases.items() if owner != name}

    def has(self, name: str) -> bool:
        """Whether a class goes by that name or alias."""
        return self._aliases.get(name.lower(), name) in self._classes

    def find(self, name: str) -> type[C]:
        """The class of that name or alias; raises `LayerloomError` with the nearest name there is."""
        name = self._aliases.get(name.lower(), name)
        if name in self._classes:
            return self._classes[name]
        by_lower = {**self._aliases, **{known.lower(): known for known in self._classes}}
        near = [by_lower[match] for match in difflib.get_close_matches(name.lower(), by_lower, n=1)]
        listed = f" There are {', '.join(self._classes) or 'none yet'}." if len(self) <= _MOST_LISTED else ""
        raise LayerloomError(f"No {self.one} is called '{name}'." + (f" Did you mean '{near[0]}'?" if near else listed))

    def make(self, value: object) -> C:
        """The choice that a name or saved values stand for; a choice stays as it is. Raises `LayerloomError`.

        None stands for the one that is called "none", where there is one.
        """
        if value is None and (nothing := self._classes.get("none")):
            return self._made(nothing, {})
        if isinstance(value, BaseModel):
            if self._classes.get(self._name_of(type(value))) is not type(value):
                raise LayerloomError(f"{type(value).__name__} is no {self.one}.")
            return value
        if isinstance(value, str):
            return self._made(self.find(value), {})
        if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
            raise LayerloomError(f"The {self.one} is named by a text, or by an object with a name.")
        settings = {key: setting for key, setting in value.items() if key != "name"}
        return self._made(self.find(value["name"]), settings)

    def saved(self, choice: BaseModel, *, mode: str = "json") -> dict[str, Any]:
        """A choice as JSON values (or as Python's, with ``mode`` "python"): its name and its settings."""
        return {"name": self._name_of(type(choice)), **choice.model_dump(mode=mode)}

    def blaming(self, choice: Choice) -> AbstractContextManager[None]:
        """Raise `ChoiceFailedError`, which names ``choice``, for an unexpected error of what it is asked for within."""
        return Blaming(self.one, choice.title)

    def _require_whole(self, kind: type[Choice]) -> None:
        """Refuse a choice that lacks its names, or that its name alone would not make."""
        for word in ("name", "title"):
            if not isinstance(said := getattr(kind, word, None), str) or not said.strip():
                raise ValueError(f"{self.one} {kind.__name__} has no {word}")
        for setting, field in kind.model_fields.items():
            if field.is_required():
                raise ValueError(f"{self.one} '{kind.name}' has no default for its setting {setting}")

    def _serialised(self, choice: BaseModel, info: SerializationInfo) -> dict[str, Any]:
        return self.saved(choice, mode=info.mode)

    def _made(self, kind: type[C], settings: dict[str, Any]) -> C:
        try:
            return kind.model_validate(settings)
        except ValidationError as error:
            whose = getattr(kind, "title", self._name_of(kind))
            told = f"{whose}: {reason(error, kind)}" if self._several else reason(error, kind)
            raise LayerloomError(told) from error

    def _checked(self, value: object) -> C:
        try:
            return self.make(value)
        except LayerloomError as error:
            raise ValueError(str(error)) from error

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        serialisation = core_schema.plain_serializer_function_ser_schema(self._serialised, info_arg=True)
        return core_schema.no_info_plain_validator_function(self._checked, serialization=serialisation)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "object", "properties": {"name": {"enum": list(self)}}, "required": ["name"]}
