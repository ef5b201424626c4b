"""What waits for a job while a network is looked into, and while labels are mended."""

import numpy as np
from look_parts import PATIENCE
from PySide6.QtCore import QObject
from waits_for_jobs import Waiting, waiting

from engine.evaluation.relabelling import Move
from gui.evaluate.label_moves import LabelMoves


def looked_into(get):
    """Look inside with a trained run, whose convolution is chosen, at an image."""
    inside = get("inside")
    get("trained")
    inside.set_active(True)
    inside.look.choose_node("conv1")
    inside.look.choose_image(np.zeros(tuple(inside.look.shape), np.uint8))
    get("qtbot").waitUntil(lambda: inside.look.sight is not None and not inside.look.busy, timeout=PATIENCE)
    return inside


@waiting("gui/look/effect.py", "engine.inspection.measuring.measured", told="Measuring failed: boom")
def effect_of_an_alteration(get):
    effect = looked_into(get).intervene.effect
    return Waiting(
        effect.measure,
        lambda: effect._job.running,
        effect.said.text,
        lambda: effect.said.text().startswith("On "),
    )


def units_of(get):
    units = looked_into(get).units
    units.set_active(True)
    get("qtbot").waitUntil(lambda: units.asked is not None and not units._job.running, timeout=PATIENCE)
    return units


@waiting("gui/look/units/units.py", "gui.look.units.desk.search_images")
def search_for_what_units_see(get):
    units = units_of(get)
    return Waiting(units.search, lambda: units.searching, lambda: units.trouble, lambda: units.answers is not None)


@waiting("gui/look/units/pictures.py", "gui.look.units.desk.sheets_of")
def pictures_of_units(get):
    units = units_of(get)
    units.search()
    get("qtbot").waitUntil(lambda: units.answers is not None and not units.pictures.busy, timeout=PATIENCE)
    pictures = units.pictures
    unit = pictures.scene.unit

    def begin():
        scene = pictures.scene
        pictures.forget()
        pictures.show(scene)

    return Waiting(
        begin, lambda: pictures.busy, lambda: pictures.refusal(unit), lambda: pictures.sheets(unit) is not None
    )


@waiting("gui/evaluate/label_moves.py", "engine.evaluation.relabelling.relabel")
def files_of_another_class(get):
    folder = get("folder")
    holder = QObject()
    moves = LabelMoves(holder)
    get("request").addfinalizer(holder.deleteLater)
    get("request").addfinalizer(moves.close)
    return Waiting(
        lambda: moves.move(folder, [Move("cats/one.png", "dogs/another.png")]),
        lambda: moves.busy,
        lambda: moves.words,
        lambda: (folder / "dogs" / "another.png").exists(),
    )
