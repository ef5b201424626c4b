"""What the tab Why shows: for which class, by which methods, and what there is of it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from engine.inspection import VIEWS
from engine.inspection.explaining import (
    GradCam,
    GradCamEverywhere,
    GuidedBackprop,
    Occlusion,
    Saliency,
    SanityCheck,
)
from engine.inspection.explaining.everywhere import ClassMaps
from engine.inspection.explaining.evidence import ClassMap, Evidence, Occluded
from engine.inspection.explaining.explanation import Explanation
from engine.inspection.explaining.grad_cam import Enlarging
from engine.inspection.explaining.sanity import Curve, Sanity
from engine.inspection.results import Result
from engine.inspection.sight import Asked
from gui.look.look import Look
from gui.look.why.explainer import Explainer, Explanations, Refused
from gui.looker import Question

Choice = Literal["predicted", "true"] | int
"""Which class: the one that is predicted, the true one, or one by its number."""

_REST = 250  # ms after the last stroke, until slow methods begin
_HOLD = 200  # ms that Grad-CAM of the stroke before stays while the next is worked out
USUAL = (GradCam, Saliency, GuidedBackprop, Occlusion)


def methods() -> tuple[type[Explanation], ...]:
    """The registered views that explain a class: they stand inside Why."""
    return tuple(kind for kind in VIEWS.values() if issubclass(kind, Explanation))


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a method gives, of which image, in which time."""

    result: Result
    pixels: NDArray[np.uint8]
    seconds: float
    whole: bool

    @property
    def evidence(self) -> Evidence | None:
        """It as evidence, if it is."""
        return self.result if isinstance(self.result, Evidence) else None


class Why(QObject):
    """Asks an `Explainer` for what can be seen, whenever the image, the weights, the layer or the class change.

    Nothing is worked out until `set_active`. ``changed`` says that there is more to see, or less; ``chosen`` that a
    class, a method or how something is shown was chosen.
    """

    changed = Signal()
    chosen = Signal()

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.choice: Choice = "predicted"
        self.kinds: tuple[type[Explanation], ...] = USUAL
        self.selected = 0
        self.opacity = 0.62
        self.sanity = self.comparing = True
        self.enlarge: Enlarging = "smooth"
        self.against: int | None = None  # None: the runner-up
        self.failure = ""
        self.base: Question | None = None
        self.answers: dict[Asked, Shown | Refused] = {}
        self._active = False
        self.explainer = Explainer(self)
        self.explainer.told.connect(self._take)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self._ask)
        self._hold = QTimer(self, singleShot=True, interval=_HOLD)
        self._hold.timeout.connect(self._let_go)
        self._held: dict[Asked, Shown | Refused] = {}
        look.asked.connect(self._drop)
        look.seen.connect(self._begin)
        look.failed.connect(self._fail)
        look.reset.connect(self._reset)

    # What is asked

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, or their numbers."""
        names, sight = self.look.classes, self.look.sight
        count = sight.prediction.size if sight is not None else 0
        return names or tuple(map(str, range(count if count > 1 else 0)))

    def name_of(self, number: int) -> str:
        """What a class is called, or its number."""
        return self.classes[number] if 0 <= number < len(self.classes) else str(number)

    @property
    def order(self) -> list[int]:
        """The classes, the likeliest first; none where the prediction is not of classes."""
        sight = self.look.sight
        if sight is None or sight.prediction.ndim != 1 or sight.prediction.size < 2:
            return []
        return [int(number) for number in np.argsort(-sight.prediction, kind="stable")]

    @property
    def true(self) -> int | None:
        """The number of the true class, if it is known."""
        target = self.look.target
        if target is None or np.ndim(target) != 0 or not self.order:
            return None
        return int(target) if 0 <= int(target) < len(self.order) else None

    @property
    def number(self) -> int | None:
        """The number of the class that is explained, None while it is not known."""
        if self.choice == "predicted" or (self.choice == "true" and self.true is None):
            return next(iter(self.order), None)
        return self.true if self.choice == "true" else int(self.choice)

    @property
    def other(self) -> int | None:
        """The class that it is compared with."""
        if self.against is not None and self.against != self.number:
            return self.against
        return next((number for number in self.order if number != self.number), None)

    def cards(self) -> tuple[Asked, ...]:
        """What is asked of each method."""
        return tuple(self._asked(kind, self.number) for kind in self.kinds)

    def everywhere(self) -> Asked:
        """Grad-CAM at every convolution."""
        return Asked(GradCamEverywhere(target=self.number))

    def pair(self) -> tuple[Asked, Asked, Asked] | None:
        """Grad-CAM of two classes, and the occlusion of one's lead over the other; None without two classes."""
        if self.number is None or self.other is None:
            return None
        lead = Asked(Occlusion(target=self.number, against=self.other))
        return self._asked(GradCam, self.number), self._asked(GradCam, self.other), lead

    def check(self) -> Asked:
        """The sanity check of the methods."""
        views = tuple(asked.view for asked in self.cards())
        return Asked(SanityCheck(target=self.number, methods=views), self.look.node)

    def _asked(self, kind: type[Explanation], number: int | None) -> Asked:
        enlarged = {"enlarge": self.enlarge} if "enlarge" in kind.model_fields else {}
        return Asked(kind(target=number, **enlarged), self.look.node if kind.needs_node else "")

    def _quick(self) -> list[Asked]:
        """What follows a pen."""
        return [self._asked(GradCam, self.number)]

    def _plan(self) -> list[Asked]:
        """All that is wanted, what is quick first."""
        slow = [asked for asked in self.cards() if asked.view.needs_gradients is False]
        quick = [asked for asked in self.cards() if asked not in slow]
        plan = [*self._quick(), *quick, self.everywhere()]
        pair = self.pair() if self.comparing else None
        plan += [*(pair[:2] if pair else ()), *slow, *(pair[2:] if pair else ())]
        if self.sanity:
            plan.append(self.check())
        return list(dict.fromkeys(plan))

    # What there is

    def shown(self, asked: Asked) -> Shown | None:
        """What there is of a view."""
        found = self.answers.get(asked) or self._held.get(asked)
        return found if isinstance(found, Shown) else None

    def refused(self, asked: Asked) -> Refused | None:
        """Why there is nothing of a view."""
        found = self.answers.get(asked)
        return found if isinstance(found, Refused) else None

    def evidence(self, asked: Asked) -> Evidence | None:
        """What there is of a view as evidence."""
        shown = self.shown(asked)
        return shown.evidence if shown else None

    def curve(self, place: int) -> Curve | None:
        """The curve of the method at a place, as far as it is known."""
        shown = self.shown(self.check()) if self.sanity else None
        return shown.result.curves[place] if shown and isinstance(shown.result, Sanity) else None

    @property
    def layers(self) -> int:
        """How many layers are drawn anew by the sanity check."""
        shown = self.shown(self.check())
        return len(shown.result.layers) if shown and isinstance(shown.result, Sanity) else 0

    @property
    def maps(self) -> dict[str, ClassMap]:
        """Grad-CAM by convolution."""
        shown = self.shown(self.everywhere())
        return dict(shown.result.by_place) if shown and isinstance(shown.result, ClassMaps) else {}

    @property
    def lead(self) -> Occluded | None:
        """What is lost of the lead of one class over the other."""
        pair = self.pair()
        found = self.evidence(pair[2]) if pair else None
        return found if isinstance(found, Occluded) else None

    @property
    def score(self) -> float | None:
        """The score of the class that is explained, before the softmax."""
        found = (self.evidence(asked) for asked in (*self._quick(), *self.cards()))
        return next((evidence.explained.score for evidence in found if evidence), None)

    # What is chosen

    def choose(self, choice: Choice) -> None:
        """Explain another class."""
        self.choice = choice
        self._turn()

    def compare(self, first: int | None = None, second: int | None = None) -> None:
        """Compare other classes; the first is the one that is explained."""
        if second is not None:
            self.against = second
        if first is not None:
            self.choice = first
        self._turn()

    def swap(self) -> None:
        """Explain the other class, against this one."""
        number, other = self.number, self.other
        if number is not None and other is not None:
            self.compare(other, number)

    def select(self, place: int) -> None:
        """Select another method."""
        self.selected = min(max(place, 0), len(self.kinds) - 1)
        self.chosen.emit()

    def replace_method(self, place: int, kind: type[Explanation]) -> None:
        """Show another method at a place; one that stands elsewhere changes places."""
        kinds = list(self.kinds)
        if kind in kinds:
            kinds[kinds.index(kind)] = kinds[place]
        kinds[place] = kind
        self.set_methods(kinds)

    def set_methods(self, kinds: Sequence[type[Explanation]]) -> None:
        """Show these methods."""
        self.kinds = tuple(kinds)
        self._turn()

    def set_opacity(self, opacity: float) -> None:
        """How strongly the heat covers the image, 0 to 1."""
        self.opacity = min(max(opacity, 0.0), 1.0)
        self.chosen.emit()

    def set_enlarge(self, enlarge: Enlarging) -> None:
        """How maps are enlarged."""
        self.enlarge = enlarge
        self._turn()

    def set_sanity(self, on: bool) -> None:
        """Check the methods, or do not."""
        self.sanity = on
        self._turn()

    def set_comparing(self, on: bool) -> None:
        """Compare two classes, or do not."""
        self.comparing = on
        self._turn()

    def _turn(self) -> None:
        self.chosen.emit()
        self._ask()

    # What happens elsewhere

    def set_active(self, active: bool) -> None:
        """Work while it can be seen."""
        self._active = active
        if active and self.look.sight is not None:
            self._begin()
        elif not active:
            self._rest.stop()
            self.explainer.ask(None)

    def close(self) -> None:
        """End the thread: the window closes."""
        self._active = False
        self._rest.stop()
        self._hold.stop()
        self.explainer.close()

    def _reset(self) -> None:
        self.base, self._held = None, {}
        self.answers.clear()
        self.choice = "predicted" if isinstance(self.choice, int) else self.choice
        self.against, self.failure = None, ""
        self.explainer.ask(None)
        self.chosen.emit()
        self.changed.emit()

    def _drop(self) -> None:
        """Another question is asked of the network: what is known of the image before is no answer to it."""
        question = self.look.question()
        if question is not None and self.base is not None and _same(question, self.base):
            return
        if self.base is not None and question is not None and question.pixels is not self.base.pixels:
            self._held = {asked: self.answers[asked] for asked in self._quick() if asked in self.answers}
            self._hold.start()
        self.base = None
        self.answers.clear()
        self.explainer.ask(None)
        self.changed.emit()

    def _let_go(self) -> None:
        if self._held:
            self._held = {}
            self.changed.emit()

    def _begin(self) -> None:
        """The network has answered: explain what it says, Grad-CAM first, the others once the pen rests."""
        self.failure = ""
        self.chosen.emit()  # the prediction may be another class
        if self.base is None:
            self.base = self.look.question()
            self._ask(self._quick())
            self._rest.start()
        else:
            self._ask()

    def _ask(self, wanted: Sequence[Asked] | None = None) -> None:
        if not self._active or self.base is None or self.look.sight is None:
            return
        plan = self._plan() if wanted is None else wanted
        missing = [one for one in plan if not _is_whole(self.answers.get(one))]
        self.explainer.ask(self.base, missing)
        self.changed.emit()

    def _fail(self, sentence: str) -> None:
        self.failure = sentence
        self._reset()
        self.failure = sentence
        self.changed.emit()

    def _take(self, fresh: list[Explanations]) -> None:
        self._held = {}
        for told in fresh:
            given = told.answer
            shown = (
                given if isinstance(given, Refused) else Shown(given, told.question.pixels, told.seconds, told.whole)
            )
            self.answers[told.asked] = shown
        self.changed.emit()


def _is_whole(answer: Shown | Refused | None) -> bool:
    return isinstance(answer, Refused) or (answer is not None and answer.whole)


def _same(one: Question, other: Question) -> bool:
    """Whether two questions are about the same image, weights and alteration."""
    first, second = one.weights, other.weights
    return (
        one.pixels is other.pixels
        and (first.same_lens, first.which) == (second.same_lens, second.which)
        and one.alteration == other.alteration
    )
