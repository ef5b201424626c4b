"""Calls that wait until a test lets them go on: what comes late comes when the test says so."""

import threading
from collections.abc import Callable
from typing import Any

PATIENCE = 30  # seconds


class Held:
    """A function whose first call does not return before `let_go`; ``threads`` are those that called it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._free = threading.Event()
        self._begun = threading.Event()
        self.threads: list[threading.Thread] = []

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        self.threads.append(threading.current_thread())
        answer = self._function(*arguments, **named)
        if len(self.threads) == 1:
            self._begun.set()
            assert self._free.wait(PATIENCE)
        return answer

    def wait(self) -> None:
        """Wait until the first call is there."""
        assert self._begun.wait(PATIENCE)

    def let_go(self) -> None:
        """Let the first call return, and wait until its thread has ended."""
        self._free.set()
        self.threads[0].join(PATIENCE)
        assert not self.threads[0].is_alive()
