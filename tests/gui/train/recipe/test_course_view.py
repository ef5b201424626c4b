"""The curve of the learning rate: that of the training code, for these data and epochs."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.data.split import steps_in_pass
from engine.data.user_folder import Folder
from engine.recipe.presets import RECIPES
from engine.recipe.recipe import Recipe
from engine.recipe.schedules import SCHEDULES
from engine.words import rate_text

MODERN = RECIPES["modern"].preset().applied(Recipe())


def test_it_has_the_steps_of_these_data(show):
    form = show(MODERN)
    images = form.panel._readiness.setup.images
    course = form.panel.course.curve.course
    assert course.steps == 30 * steps_in_pass(images, 64)
    assert form.panel.course.words.text() == course.words()
    form.type("batch_size", "32")
    form.type("accumulate", "4")
    form.type("epochs", "10")
    assert form.panel.course.curve.course.steps == 10 * steps_in_pass(images, 128)
    assert form.panel.course.curve.accessibleDescription() == form.panel.course.words.text()


@pytest.mark.parametrize("name", [name for name, kind in SCHEDULES.items() if not kind.depends_on_run])
def test_every_schedule_says_its_formula(form, name):
    form.choose("schedule", name)
    assert form.panel.course.formula.text() == SCHEDULES[name]().formula
    assert form.panel.course.formula.text().startswith("η = ")


def test_the_mouse_and_the_keys_ask_for_the_rate_at_an_epoch(show):
    form = show(MODERN)
    curve = form.panel.course.curve
    area = curve._area()
    before = curve.grab().toImage()
    QTest.mouseMove(curve, QPoint(round(area.center().x()), 40))
    form.settle()
    course = curve.course
    assert curve.place / course.steps == pytest.approx(0.5, abs=0.01)
    assert curve.words_at(curve.place).endswith(f": {rate_text(MODERN.rate(curve.place, course.steps))}")
    assert curve.grab().toImage() != before
    curve.setFocus()
    place = curve.place
    QTest.keyClick(curve, Qt.Key.Key_Right)
    assert curve.place > place
    for _ in range(len(course.rates)):
        QTest.keyClick(curve, Qt.Key.Key_Left)
    assert curve.place == 1


def test_without_data_there_is_a_curve_without_counts(show, tmp_path):
    form = show(MODERN)
    data = form.document.project.data
    form.document.change_settings("Gone", data.model_copy(update={"source": Folder(path=str(tmp_path / "gone"))}))
    form.settle()
    assert form.panel.course.curve.isVisible()
    assert not form.panel.course.words.isVisible()


def test_a_schedule_that_fails_is_named_in_place_of_the_curve(form, monkeypatch):
    monkeypatch.setattr(SCHEDULES["constant"], "rate", lambda *_: 1 / 0)
    form.choose("schedule", "constant")
    assert "Constant" in form.panel.course.words.text()
    assert not form.panel.course.curve.isVisible()
