"""How the next run will train: the recipe of the project, from its presets to each setting."""

from __future__ import annotations

from functools import partial
from typing import Self

from pydantic import ValidationError
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from engine.choices import ChoiceFailedError
from engine.data.split import steps_in_pass
from engine.network import Problem
from engine.reasons import reason
from engine.recipe.course import Course, course_of
from engine.recipe.presets import RECIPES, Nearest, Preset, nearest
from engine.recipe.recipe import Recipe
from engine.recipe.sections import Section
from engine.words import power_text
from gui.document import Document
from gui.readiness import readiness_of
from gui.registry.panels import PANELS, DockPlace, Room, Tab
from gui.registry.session import Session
from gui.style.appearance import appearance
from gui.style.style import role
from gui.train.estimate.estimating import Estimating, estimating_of
from gui.train.range_test.range_test import RangeTest
from gui.train.recipe.auxiliary_heads import AuxiliaryHeads
from gui.train.recipe.cards import PresetCards
from gui.train.recipe.course_view import CourseView
from gui.train.recipe.facts import facts, hints
from gui.train.recipe.footer import Footer
from gui.train.recipe.form import RecipeForm
from gui.train.recipe.keeping import Keeping
from gui.train.recipe.offers import RateOffer, RateOffers
from gui.train.recipe.preset_commands import PresetCommand
from gui.train.recipe.run_name import RunName
from gui.widgets import layouts
from gui.widgets.card_note import CardNote
from gui.widgets.offer import Offer, OfferButton
from gui.widgets.panel import Panel
from gui.widgets.setting_paths import value_at, with_value
from gui.widgets.settings_link import SettingsLink

_BULB = "mdi6.lightbulb-on-outline"
_STEPS_UNKNOWN = 100  # an epoch, while nobody knows how many images there are


@PANELS.register
class RecipePanel(Panel):
    """Cards of presets, the form of `Recipe` and a foot; every change is an undo step, one stay in a field is one."""

    tab = Tab(
        "training", "Settings", "mdi6.tune", (DockPlace("train", "left", 2),), Room(632, 528, 320, beside=("queue",))
    )

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.form = RecipeForm()
        self.name, self.cards = RunName(), PresetCards()
        self.course, self.heads = CourseView(), AuxiliaryHeads(document)
        self.footer = Footer()
        self.keeping = Keeping(self)
        self.offers = RateOffers(self)
        self.estimating: Estimating | None = None
        self._readiness = readiness_of(document)
        self._link = SettingsLink(document, self.form, lambda project: project.training)
        self._usual = OfferButton()
        self._nearest = nearest(document.project.training)
        self._lay_out()
        self._follow()

    @classmethod
    def make(cls, session: Session) -> Self:
        panel = super().make(session)
        test = session.part(RangeTest)
        panel.name.follow(test.runs)
        test.changed.connect(partial(_pass_on, test, panel.offers))
        panel.estimating = estimating_of(test.runs)
        panel.estimating.changed.connect(panel.invalidate)
        return panel

    def _lay_out(self) -> None:
        self._usual.setIconSize(QSize(14, 14))
        self._usual.setIcon(appearance().icon(_BULB, "link"))
        self.form.line("learning_rate").offer(self._usual)
        self.form.sections[Section.SCHEDULE].add_below(self.course)
        self.form.sections[Section.LOSS].add_below(self.heads)
        page = QWidget()
        role(page, "page")
        layouts.column(page, self.name, self.cards).addWidget(self.form, 1)
        self._area = layouts.scrolling(page)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have the keyboard
        layouts.column(self, self._area, self.footer)

    def _follow(self) -> None:
        self.form.restored.connect(self._restore)
        self.cards.chosen.connect(self._use)
        self.cards.asked.connect(self._ask)
        self.footer.restored.connect(lambda: self._use(self._nearest.preset))
        self.footer.saved.connect(lambda: self.keeping.save(self.recipe))
        self.keeping.changed.connect(self.refresh_now)
        self.keeping.told.connect(self.footer.tell)
        self.offers.changed.connect(self.invalidate)
        self._readiness.changed.connect(self.invalidate)
        self.document.settings_changed.connect(self.footer.forget)

    @property
    def recipe(self) -> Recipe:
        """What the next run will train with."""
        return self.document.project.training

    def showEvent(self, event: QShowEvent) -> None:
        self.keeping.read()
        self._stale = True
        super().showEvent(event)

    def refresh(self) -> None:
        """Show the recipe of the project."""
        self._link.show()
        if self.heads.refresh():
            self.form.chain()
        self._nearest = nearest(self.recipe, self.keeping.presets)
        known = (*(kind.preset() for kind in RECIPES.values()), *self.keeping.presets)
        self.cards.show_presets(known, self._nearest.preset)
        self.footer.show_nearest(self._nearest)
        self.form.show_changes(_told(self._nearest))
        self._show_usual()
        course = self._show_course()
        setup = self._readiness.setup
        found = self.estimating.found if self.estimating else None
        self.form.show_facts(facts(setup, course) if setup else {}, hints(self.recipe, found))
        self._show_notes()

    # What is shown beside the settings

    def _show_course(self) -> Course | None:
        schedule, setup = self.recipe.schedule, self._readiness.setup
        images = setup.images if setup else None
        each = steps_in_pass(images, self.recipe.images_per_step) if images else _STEPS_UNKNOWN
        try:
            course = course_of(self.recipe, each)
        except ChoiceFailedError as error:
            self.course.show_course(None, formula="", otherwise=str(error))
            return None
        self.course.show_course(
            course,
            formula=schedule.formula,
            otherwise="The course depends on the run: nobody knows it before.",
            counts=images is not None,
        )
        return course

    def _show_usual(self) -> None:
        usual = self.offers.usual(self.recipe)
        self._usual.show_offer(self._offer(usual) if usual else None)
        self._usual.setAccessibleName(f"Use learning rate {self._usual.text()}")
        self.form.line("learning_rate").fit()

    def _offer(self, offer: RateOffer) -> Offer:
        text = power_text(offer.rate, 2)
        settings = {"learning_rate": offer.rate, "rate_changes": ()}
        return Offer(text, lambda: self._set(f"Use learning rate {text}", settings), offer.about)

    def _show_notes(self) -> None:
        notes: dict[str, list[CardNote]] = {}
        for problem in self._readiness.problems:
            if problem.setting:
                notes.setdefault(problem.setting, []).append(self._note(problem))
        if self.offers.warning:
            notes.setdefault("learning_rate", []).append(self._warning_of_rate())
        self.form.show_notes(notes)

    def _warning_of_rate(self) -> CardNote:
        if self.offers.suggested is None:
            return CardNote(self.offers.warning)
        better = self._offer(self.offers.suggested)
        return CardNote(self.offers.warning, f"Use {better.label}", better.run)

    def _note(self, problem: Problem) -> CardNote:
        """A problem with the first thing that mends it: a change of the recipe, or one of the network."""
        if problem.suggestions:
            first = problem.suggestions[0]
            return CardNote(problem.message, first.label, lambda: self._set(first.label, first.settings))
        if problem.fixes:
            fix = problem.fixes[0]
            return CardNote(problem.message, fix.label, lambda: self.document.edit(fix.label, fix.edit))
        return CardNote(f"{problem.message} {problem.hint}".strip())

    def retheme(self) -> None:
        """Take icons and colours from the theme in force."""
        super().retheme()
        self._usual.setIcon(appearance().icon(_BULB, "link"))

    # What is done

    def _set(self, label: str, settings: dict[str, object]) -> None:
        """Set settings by their paths, as one undo step; say why where they do not go with the others."""
        values = self.recipe.model_dump()
        for path, value in settings.items():
            values = with_value(values, path, value)
        try:
            self.document.change_settings(label, Recipe.model_validate(values))
        except ValidationError as error:
            self.footer.tell(reason(error, Recipe), None)

    def _use(self, preset: Preset) -> None:
        self.document.change_settings(f"Use {preset.title}", preset.applied(self.recipe))

    def _ask(self, preset: Preset, command: PresetCommand) -> None:
        command.do(self.keeping, preset.name)

    def _restore(self, paths: tuple[str, ...]) -> None:
        usual = self._nearest.preset.applied(self.recipe).model_dump()
        changes = [change for change in self._nearest.changes if change.path in paths]
        titles = ", ".join(change.title for change in changes)
        self._set(f"Restore {titles}", {change.path: value_at(usual, change.path) for change in changes})


def _pass_on(test: RangeTest, offers: RateOffers) -> None:
    """Offer what the range test suggests, and warn where it diverged."""
    about = "The range test suggests it: there the loss falls fastest."
    offers.suggest(RateOffer(test.suggested, about) if test.suggested else None, warning=test.warning)


def _told(found: Nearest) -> dict[str, str]:
    """How settings differ from the preset, by their paths."""
    return {
        change.path: f"{change.title}: {found.preset.title} has {change.before}. Click to restore it."
        for change in found.changes
    }
