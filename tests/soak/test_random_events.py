"""Whatever comes after whatever, the window goes on: it neither crashes nor tells of an unexpected error."""

import pytest
from a_person import OFFSCREEN, person, window
from random_events import RandomEvents

__all__ = ["person", "window"]

pytestmark = pytest.mark.qt_log_ignore(*OFFSCREEN)

EVENTS = 120


def test_random_events_leave_the_window_whole(soak, window, person, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where runs are kept
    person.until(lambda: window.warm_up.settled)
    events = RandomEvents(window, soak.random(), tmp_path)
    events.run(soak.rounds(EVENTS))
    soak.tell(len(events.happened), f"random events and commands, {events.in_training} events during a run")
    runs = window.workspaces().runs
    runs.stop()
    person.until(lambda: runs.active is None)
    events.close_project()
    person.open_template("lenet5")
    assert window.workspaces().bench.workspace == "draw"
