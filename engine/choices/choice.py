"""One thing that can be chosen, with its settings."""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

from engine.settings import Settings


class Choice(Settings):
    """A frozen value that a registry knows by name; the fields of a subclass are its settings.

    The first paragraph of a subclass's docstring is what people read about it.
    """

    name: ClassVar[str]
    """What files and the command line call it: "adamw"."""
    title: ClassVar[str]
    """What people call it, in sentence case: "AdamW"."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """Other names that are understood, in lower case."""
    icon: ClassVar[str] = ""
    """The Material Design icon beside its title in lists: "mdi6.crop"."""
    group: ClassVar[str] = ""
    """What it is listed under, where there are many: "Geometry"."""
    head: ClassVar[tuple[str, ...]] = ()
    """Those of its settings that stand beside its title in a list: a switch, a share."""

    def summary(self) -> str:
        """The choice with the settings that matter in one line: "SGD, m 0.9"."""
        return self.title

    @classmethod
    def help(cls) -> str:
        """What it is, in a sentence or two."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].split())

    @classmethod
    def to_json(cls) -> dict[str, Any]:
        """Name, title, help, and the JSON schema of its settings by their names."""
        settings: dict[str, Any] = cls.model_json_schema().get("properties", {})
        return {"name": cls.name, "title": cls.title, "help": cls.help(), "settings": settings}
