"""Where kept blocks lie: one JSON file each, named after the block."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import platformdirs

from engine.errors import LayerloomError
from engine.files import write_whole

_LARGEST = 4_000_000  # bytes; a file beyond this is no block that anybody kept here


def block_folder() -> Path:
    """The folder of the user's kept blocks."""
    return platformdirs.user_data_path("layerloom", appauthor=False) / "blocks"


class Shelf:
    """Kept blocks by name. A name is what a file can be called; every error is a `LayerloomError`."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or block_folder()

    def names(self) -> list[str]:
        """All kept blocks, by name."""
        return sorted((path.stem for path in self.folder.glob("*.json")), key=str.casefold)

    def read(self, name: str) -> str:
        """The text of a kept block."""
        path = self._path(name)
        try:
            if path.stat().st_size > _LARGEST:
                raise LayerloomError(f"'{name}' is too large to be a block.")
            return path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise LayerloomError(f"'{name}' could not be read.") from error

    def keep(self, name: str, text: str) -> str:
        """Keep a block and return its name: the one wished for, or the next free one."""
        wanted = re.sub(r"[^\w ×+-]+", " ", name).strip() or "block"
        taken = set(self.names())
        free = next(n for i in itertools.count(1) if (n := wanted if i == 1 else f"{wanted} {i}") not in taken)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._path(free), text.encode())
        except OSError as error:
            raise LayerloomError(f"'{free}' could not be kept: {error.strerror}.") from error
        return free

    def remove(self, name: str) -> str:
        """Remove a block and return its text, so that it can be kept again."""
        text = self.read(name)
        try:
            self._path(name).unlink()
        except OSError as error:
            raise LayerloomError(f"'{name}' could not be removed: {error.strerror}.") from error
        return text

    def rename(self, name: str, wanted: str) -> str:
        """Give a block another name and return the one it got."""
        kept = self.keep(wanted, self.read(name))
        self.remove(name)
        return kept

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"
