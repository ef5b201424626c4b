"""Where a project that is kept aside comes from."""

from __future__ import annotations

from engine.settings import Settings


class Origin(Settings):
    """Where a project that is kept aside comes from.

    ``path`` is its file, "" for none; ``content`` the fingerprint of that file as the window knew it; ``key`` names
    the document (see `Document.key`), "" in what older versions wrote.
    """

    path: str = ""
    content: str | None = None
    key: str = ""
