"""Calls that wait until a test lets them go on: what comes late comes when the test says so."""

import pkgutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

PATIENCE = 30  # seconds


class Held:
    """A function whose first call does not return before `let_go`; ``threads`` are those that called it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._begun, self._free = threading.Event(), threading.Event()
        self.threads: list[threading.Thread] = []
        self.forgotten = False  # nobody let it go in time

    def __call__(self, *given: Any, **named: Any) -> Any:
        self.threads.append(threading.current_thread())
        first = len(self.threads) == 1
        answer = self._function(*given, **named)
        if first:
            self._begun.set()
            self.forgotten = not self._free.wait(PATIENCE)
            assert not self.forgotten
        return answer

    def wait(self) -> None:
        """Wait until the first call is there."""
        assert self._begun.wait(PATIENCE)

    def let_go(self) -> None:
        """Let the first call return, and wait until its thread has ended."""
        self._free.set()
        for thread in self.threads[:1]:
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Held]]:
    """Hold a function or method, named by its path, in its first call; at the end all go on."""
    all_held = []

    def hold(path: str) -> Held:
        held = Held(pkgutil.resolve_name(path))
        monkeypatch.setattr(path, lambda *given, **named: held(*given, **named))  # a method binds functions alone
        all_held.append(held)
        return held

    yield hold
    for held in all_held:
        held.let_go()
    assert not any(held.forgotten for held in all_held), "a held call gave up: work that takes it for an error goes on"
