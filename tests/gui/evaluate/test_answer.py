"""What a page asks for comes once, is kept while the question is the same, and an earlier answer never comes."""

import pytest
from held_calls import Held
from look_parts import PATIENCE
from PySide6.QtCore import QObject

from engine.errors import LayerloomError
from gui.evaluate.answer import Answer


@pytest.fixture
def answer(qapp, qtbot):
    parent = QObject()
    made = Answer("Counting", parent)
    yield made
    made.close()


def refuse(_):
    raise LayerloomError("There is nothing to count.")


def settle(answer, qtbot):
    qtbot.waitUntil(lambda: not answer.busy, timeout=PATIENCE)


def test_a_question_is_worked_out_once_while_it_is_the_same(answer, qtbot):
    asked = []
    for _ in range(2):  # the second while the first is on its way
        answer.ask("one", asked.append)
    settle(answer, qtbot)
    answer.ask("two", lambda job: asked.append(job) or 7)
    settle(answer, qtbot)
    answer.ask("two", asked.append)
    assert not answer.busy
    assert (len(asked), answer.value) == (2, 7)


def test_what_answers_another_question_is_gone_at_once_and_never_comes(answer, qtbot):
    answer.ask("one", lambda _: 1)
    settle(answer, qtbot)
    held = Held(lambda _: 2)
    answer.ask("two", held)
    assert answer.value is None
    held.wait()
    answer.ask("three", lambda _: 3)
    held.let_go()
    settle(answer, qtbot)
    qtbot.wait(100)
    assert (answer.key, answer.value) == ("three", 3)


def test_what_is_forgotten_or_cancelled_does_not_come(answer, qtbot):
    for leave, key in ((answer.forget, None), (answer.cancel, "one")):
        held = Held(lambda _: 2)
        answer.ask("one", held)
        held.wait()
        leave()
        assert not answer.busy
        held.let_go()
        qtbot.wait(100)
        assert (answer.key, answer.value) == (key, None)


def test_a_reason_stays_until_it_is_asked_again_or_forgotten(answer, qtbot):
    answer.ask("one", refuse)
    settle(answer, qtbot)
    assert (answer.value, answer.message) == (None, "There is nothing to count.")
    answer.ask("one", lambda _: 1)
    assert answer.message == ""
    settle(answer, qtbot)
    assert answer.value == 1
    answer.ask("two", refuse)
    settle(answer, qtbot)
    answer.forget()
    assert (answer.key, answer.value, answer.message) == (None, None, "")
