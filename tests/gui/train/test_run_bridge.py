import queue
import threading

from train_parts import PATIENCE

from engine.training.events import Finished, StepDone
from gui.train.runs.run_bridge import CHIPS_EVERY, CURVES_EVERY, RunBridge


def test_events_of_a_thread_arrive_in_order_and_the_timer_ends_with_them(qtbot):
    bridge, events, seen, beats = RunBridge(), queue.SimpleQueue(), [], []
    bridge.arrived.connect(seen.append)
    bridge.curves.connect(lambda: beats.append("curves"))
    bridge.chips.connect(lambda: beats.append("chips"))

    def produce():
        for step in range(1, 2001):
            events.put(StepDone(1, step, step, 1.0, 0.1, 100.0))
        events.put(Finished(1, False, 1, 1.0))

    thread = threading.Thread(target=produce)
    thread.start()
    bridge.follow(events)
    qtbot.waitUntil(lambda: not bridge.following, timeout=PATIENCE)
    thread.join()
    assert [event.step for event in seen[:-1]] == list(range(1, 2001))
    assert isinstance(seen[-1], Finished)
    assert beats[-2:] == ["curves", "chips"]
    for beat, every in (("curves", CURVES_EVERY), ("chips", CHIPS_EVERY)):
        assert beats.count(beat) <= bridge._ticks // every + 1  # the last events come with a beat of their own


def test_one_event_draws_everything_once(qtbot):
    bridge, events, curves = RunBridge(), queue.SimpleQueue(), []
    bridge.curves.connect(lambda: curves.append(1))
    bridge.follow(events)
    with qtbot.waitSignal(bridge.chips, timeout=PATIENCE):  # once a second: the others had their turns by then
        events.put(StepDone(1, 1, 1, 1.0, 0.1, 100.0))
    assert curves == [1]
