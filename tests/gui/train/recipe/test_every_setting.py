"""Every setting of a recipe, and of each of its choices, stands in the form once and can be set there by events."""

from collections import Counter

import pytest
from every_choice import registries
from pydantic import ValidationError
from PySide6.QtCore import Qt

from engine.recipe.metrics import METRICS
from engine.recipe.recipe import Recipe
from engine.recipe.sections import Section
from gui.widgets.setting_paths import value_at, with_value
from gui.widgets.values import Editor, kinds_of, to_text

NUMBERS = (3, 0.5, 0.25, 2, 0.9, 12, 1e-3)


def paths(form):
    """The settings in the form now, with the section that each stands in."""
    return [
        (field.objectName(), title)
        for title, section in form.form.sections.items()
        for line in section.lines
        for field in line.fields
        if not field.isHidden()
    ]


@pytest.mark.parametrize("setting", registries())
def test_every_choice_is_chosen_by_keys_and_its_settings_stand_in_one_section(form, setting):
    for name, kind in registries()[setting].items():
        steps = form.steps
        before = getattr(form.recipe, setting)
        form.choose(setting, name)
        assert type(getattr(form.recipe, setting)) is kind
        assert form.steps > steps or type(before) is kind
        counts = Counter(path for path, _ in paths(form))
        expected = {*Recipe.model_fields} | {
            f"{other}.{inner}"
            for other in registries()
            if (choice := getattr(form.recipe, other)) is not None
            for inner in type(choice).model_fields
        }
        assert counts == dict.fromkeys(expected, 1)
    form.document.undo_stack.setIndex(0)
    assert form.recipe == Recipe()


def test_several_metrics_are_ticked_one_undo_step_each(form):
    field = form.editor("metrics")
    assert (field.text(), list(field.ticks)) == ("Nothing more", list(METRICS))
    field.ticks["macro_f1"].trigger()
    field.ticks["top5"].trigger()
    form.settle()
    assert [one.name for one in form.recipe.metrics] == ["top5", "macro_f1"]
    assert (field.text(), form.steps) == ("Top-5 accuracy, Macro F1", 2)
    assert field.accessibleName() == "Also measure: Top-5 accuracy, Macro F1"
    field.ticks["top5"].trigger()
    form.settle()
    assert form.recipe.metrics == (METRICS.make("macro_f1"),)
    form.document.undo_stack.setIndex(0)
    form.settle()
    assert (field.text(), form.recipe) == ("Nothing more", Recipe())


def test_sections_are_those_that_the_settings_name(form):
    sections = dict(paths(form))
    for kind in kinds_of(Recipe):
        assert sections[kind.name] == kind.section
    assert sections["loss.class_weights"] == Section.LOSS
    assert sections["loss.label_smoothing"] == Section.REGULARISATION


def owners():
    """The recipe itself, and each choice that has settings."""
    found = [("", "", Recipe)]
    found += [
        (setting, name, kind)
        for setting, registry in registries().items()
        for name, kind in registry.items()
        if kind.model_fields
    ]
    return found


def another(recipe, path, kind):
    """A number that the setting takes and does not have; a list of as many where it is one."""
    now = value_at(recipe.model_dump(), path)
    for number in NUMBERS:
        value = (number, *now[1:]) if kind.length else number
        if value != now:
            try:
                return value, Recipe.model_validate(with_value(recipe.model_dump(), path, value))
            except ValidationError:
                continue
    raise AssertionError(f"no number for {path}")


@pytest.mark.parametrize(("setting", "name", "model"), owners(), ids=lambda one: one if isinstance(one, str) else "")
def test_every_value_is_set_by_events_as_one_undo_step(show, setting, name, model):
    form = show(Recipe.model_validate({setting: name}) if setting else Recipe())
    for section in form.form.sections.values():
        section.more.button.setChecked(True)
    start = form.recipe
    for kind in kinds_of(model):
        path = f"{setting}.{kind.name}".lstrip(".")
        form.document.undo_stack.setIndex(0)
        form.settle()
        assert form.recipe == start
        if kind.editor is Editor.SWITCH:
            before = value_at(form.recipe.model_dump(), path)
            form.press(form.editor(path), Qt.Key.Key_Space)
            assert value_at(form.recipe.model_dump(), path) is not before
        elif kind.editor is Editor.CHOICE and kind.registry is None:
            for word in kind.words:
                form.choose(path, word)
                assert value_at(form.recipe.model_dump(), path) == word
        elif kind.editor in (Editor.INTEGER, Editor.REAL) or kind.length:
            value, expected = another(form.recipe, path, kind)
            if kind.when_on is not None:
                form.press(form.form.row(path).editor.switch)
                assert value_at(form.recipe.model_dump(), path) == kind.when_on
            row = form.form.row(path)
            field = row.editor.numbers[0] if kind.length else form.editor(path)
            field.setFocus()
            field.selectAll()
            form.keys(field, to_text(kind, value[0] if kind.length else value))
            assert form.recipe == expected, path
            assert form.document.undo_stack.index() == 1 + (kind.when_on is not None)
            assert not row.reason.isVisible()


def test_what_can_be_switched_off_keeps_its_number(form):
    row = form.form.row("patience")
    assert not row.editor.number.isVisible()
    form.press(row.editor.switch, Qt.Key.Key_Space)
    assert form.recipe.patience == 6
    form.type("patience", "9")
    form.press(row.editor.switch)
    assert form.recipe.patience == 0
    assert not row.editor.number.isVisible()
    form.press(row.editor.switch)
    assert form.recipe.patience == 9
    assert row.editor.number.text() == "9"


def test_a_number_that_begins_with_0_can_be_typed_where_0_is_off(show):
    form = show(Recipe(clip_norm=1.0))
    steps = form.steps
    field = form.type("clip_norm", "0.5")
    assert form.recipe.clip_norm == 0.5
    assert field.hasFocus()
    assert form.steps == steps + 1
    form.type("clip_norm", "0")
    assert (form.recipe.clip_norm, field.isVisible()) == (0, True)
    form.editor("seed").setFocus()
    form.settle()
    assert not field.isVisible()


@pytest.mark.parametrize(("typed", "rate"), [("0,05", 0.05), ("1,5", 1.5), (",5", 0.5), ("0,001*2", 0.002)])
def test_a_decimal_comma_is_understood(form, typed, rate):
    form.type("learning_rate", typed)
    assert form.recipe.learning_rate == rate


def test_a_comma_that_may_divide_thousands_is_not_guessed(form):
    form.type("epochs", "1,000")
    assert form.recipe.epochs == 5
    assert form.form.row("epochs").reason.text().startswith("Type a number or arithmetic")


def test_values_out_of_range_say_so_in_their_lines(show):
    form = show(Recipe(optimiser="adam"))
    second = form.form.row("optimiser.betas").editor.numbers[1]
    second.setFocus()
    second.selectAll()
    form.keys(second, "2")
    form.type("learning_rate", "-1")
    assert form.recipe == Recipe(optimiser="adam")
    assert (
        form.form.row("optimiser.betas").reason.text()
        == "Betas is 2, less than 1 is needed. 0.9, 0.999 stays in force."
    )
    assert form.form.row("learning_rate").reason.isVisible()
    form.press(second, Qt.Key.Key_Escape)
    assert second.text() == "0.999"
    assert not form.form.row("optimiser.betas").reason.isVisible()
