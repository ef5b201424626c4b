"""The arithmetic of windows that slide over rows and columns, and the layer class that uses it.

V. Dumoulin and F. Visin, A guide to convolution arithmetic for deep learning (2016).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import ValidationError

from engine.layers.base import Layer, ShapeMismatch, Suggestion
from engine.layers.formula import Formula
from engine.layers.numbers import by, decimal, one_or_both
from engine.layers.shape import Shape
from engine.layers.window import PaddingMode, Window

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of a sliding window: ``size`` rows or columns and what slides over them."""

    size: int
    kernel: int
    stride: int
    padding: int | Literal["same"]
    dilation: int = 1
    ceil: bool = False

    @property
    def reach(self) -> int:
        """Rows from the first to the last that one window reads: ``d·(k − 1) + 1``."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def pads(self) -> Pair:
        """Rows added before and after; "same" adds what ⌈N / s⌉ windows need, the odd one after."""
        if self.padding != "same":
            return self.padding, self.padding
        total = max((-(-self.size // self.stride) - 1) * self.stride + self.reach - self.size, 0)
        return total // 2, total - total // 2

    @property
    def slack(self) -> int:
        """Rows over which the window can move: ``N + 2p − d·(k − 1) − 1``."""
        return self.size + sum(self.pads) - self.reach

    @property
    def outputs(self) -> int:
        """How many windows there are; below 1 if the window does not fit."""
        if self.padding == "same":
            return -(-self.size // self.stride)
        if not self.ceil:
            return self.slack // self.stride + 1
        return -(-self.slack // self.stride) + 1 - self._last_begins_outside

    @property
    def _last_begins_outside(self) -> bool:
        """Whether the window that rounding up adds would begin in the padding at the end: it is left out."""
        return self.ceil and -(-self.slack // self.stride) * self.stride >= self.size + self.pads[0]

    @property
    def reads_padding_alone(self) -> bool:
        """Whether some window finds nothing but padding, as the steps of its dilation leap over the whole map."""
        before = self.pads[0]
        starts = range(-before, min(0, self.outputs * self.stride - before), self.stride)
        return any(start % self.dilation >= self.size for start in starts)

    def formula(self, name: str, *, lines: tuple[str, ...]) -> Formula:
        """``⌊(H_in + 2p − k) / s⌋ + 1`` with the numbers filled in; ``lines`` are "row", "column" or both."""
        if self.padding == "same":
            before, after = self.pads
            note = f"Same padding adds {before} before and {after} after."
            return Formula(name, (f"⌈{name}_in / s⌉", f"⌈{self.size} / {self.stride}⌉"), str(self.outputs), note)
        left, right = "⌈⌉" if self.ceil else "⌊⌋"
        more = "+ 1 − 1" if self._last_begins_outside else "+ 1"
        span, numbers = "− k", f"− {self.kernel}"
        if self.dilation > 1:
            span, numbers = "− d·(k − 1) − 1", f"− {self.dilation}·({self.kernel} − 1) − 1"
        steps = (
            f"{left}({name}_in + 2p {span}) / s{right} {more}",
            f"{left}({self.size} + 2·{self.padding} {numbers}) / {self.stride}{right} {more}",
            f"{left}{decimal(self.slack / self.stride)}{right} {more}",
        )
        return Formula(name, steps, str(self.outputs), self._rounding(lines))

    def _rounding(self, lines: tuple[str, ...]) -> str:
        rest, quotient = self.slack % self.stride, decimal(self.slack / self.stride)
        if not rest:
            return ""
        if self.ceil and self.outputs > self.slack // self.stride + 1:
            return f"{quotient} is rounded up: the last window hangs over the edge."
        if self.ceil:
            return f"{quotient} is rounded up, but the last window would begin outside the input and is left out."
        padded = "padded " if self.pads[1] else ""
        if rest > 1:
            unread = f"{rest} {padded}{' and '.join(line + 's' for line in lines)} are"
        else:
            unread = f"{padded}{' and '.join(lines)} {'are' if len(lines) > 1 else 'is'}"
        return f"{quotient} is rounded down: the last {unread} not read."


@dataclass(frozen=True, slots=True)
class Sliding:
    """How a window slides over maps, rows first; "same" padding keeps ⌈N / stride⌉ rows and columns."""

    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pair | Literal["same"] = (0, 0)
    dilation: Pair = (1, 1)
    ceil: bool = False

    def axes(self, x: Shape) -> tuple[Axis, Axis]:
        """Rows and columns over a map ``x``."""
        pads: tuple[int | Literal["same"], ...] = ("same", "same") if self.padding == "same" else self.padding
        rows, columns = (
            Axis(x[i + 1], self.kernel[i], self.stride[i], pads[i], self.dilation[i], self.ceil) for i in (0, 1)
        )
        return rows, columns


class SlidingLayer(Layer):
    """A layer whose window slides over maps."""

    def sliding(self) -> Sliding:
        """The window and how it slides."""
        raise TypeError(f"{type(self).__name__} does not declare sliding")

    def mode(self) -> PaddingMode:
        """What the padding holds."""
        return "zeros"

    def slid(self, x: Shape, channels: int) -> Shape:
        """The output shape with ``channels`` maps; raises `ShapeMismatch`."""
        self.require_map(x)
        rows, columns = self.sliding().axes(x)
        if min(rows.outputs, columns.outputs) < 1:
            raise self._too_large(rows, columns)
        return Shape(channels, rows.outputs, columns.outputs)

    def window(self, x: Shape) -> Window | None:
        if not x.is_map:
            return None
        sliding = self.sliding()
        rows, columns = sliding.axes(x)
        return Window(sliding.kernel, sliding.stride, (rows.pads[0], columns.pads[0]), sliding.dilation, self.mode())

    def matching_padding(self) -> dict[str, Any]:
        if "padding" not in type(self).model_fields:
            return {}
        rows, columns = self.sliding().kernel
        return {"padding": (rows // 2, columns // 2)}

    def resizing(self, x: Shape, size: tuple[int, ...]) -> Iterator[Suggestion]:
        """One setting where that will do, then stride and padding; a kernel changes only where padding stands for one.

        No stride leaps over more than its kernel reads, but for the one pixel that a 1×1 kernel leaves out.
        """
        axes = self.sliding().axes(x)
        steps = tuple(max(1, axis.size // wanted) for axis, wanted in zip(axes, size, strict=True))
        stepping = tuple(replace(axis, stride=step) for axis, step in zip(axes, steps, strict=True))
        if any(axis.stride > max(2, axis.kernel) for axis in stepping):
            return
        for ways in (
            ({"stride": steps}, {"padding": _padding(axes, size)}),
            ({"stride": steps, "padding": _padding(stepping, size)},),
            ({"kernel_size": _kernel(axes, size)}, {"stride": steps, "padding": "same"}),
        ):
            found = [settings for way in ways if (settings := self._that_give(x, size, way))]
            if found:
                yield from (Suggestion(", ".join(map(_said, each, each.values())), each) for each in found)
                return

    def _that_give(self, x: Shape, size: tuple[int, ...], settings: dict[str, Any]) -> dict[str, Any]:
        """Those of the settings that are new, if it has such and maps ``x`` come out of this size; else none."""
        try:
            fits = self.with_settings(**settings).output_shape(x)[1:] == size
        except (ValidationError, ShapeMismatch):
            return {}
        return {name: value for name, value in settings.items() if fits and value != getattr(self, name)}

    def explain_size(self, x: Shape, *, channels: str) -> list[Formula]:
        """The formulas of height and width: one, with a note, where both come out alike."""
        rows, columns = self.sliding().axes(x)
        if rows != columns:
            return [rows.formula("H", lines=("row",)), columns.formula("W", lines=("column",))]
        height = rows.formula("H", lines=("row", "column"))
        note = " ".join(filter(None, ("W is the same.", channels, height.note)))
        return [Formula(height.quantity, height.steps, height.result, note)]

    def summary_of_size(self, *about: str) -> str:
        """Kernel, what is said of the maps, and stride, padding and dilation where they are not the usual."""
        sliding = self.sliding()
        parts = [by(sliding.kernel), *about]
        if sliding.stride != (1, 1):
            parts.append(f"stride {one_or_both(sliding.stride)}")
        if sliding.padding == "same":
            parts.append("same")
        elif sliding.padding != self.unsaid_padding():
            parts.append(f"pad {one_or_both(sliding.padding)}")
        if sliding.dilation != (1, 1):
            parts.append(f"dilation {one_or_both(sliding.dilation)}")
        return ", ".join(parts)

    def unsaid_padding(self) -> Pair:
        """The padding that goes without saying in the node."""
        return (0, 0)

    def _too_large(self, rows: Axis, columns: Axis) -> ShapeMismatch:
        padded = (rows.size + sum(rows.pads), columns.size + sum(columns.pads))
        reach = (rows.reach, columns.reach)
        kernel = (rows.kernel, columns.kernel)
        spread = f", spread to {by(reach)} by its dilation," if reach != kernel else ""
        word = "padded " if padded != (rows.size, columns.size) else ""
        return ShapeMismatch(
            "kernel_too_large",
            f"The {by(kernel)} kernel{spread} is larger than its {word}{by(padded)} input.",
            hint="Pad the input, or take a smaller kernel or fewer layers that shrink the map before it.",
            short="kernel too large",
            suggestions=tuple(self._cures(rows, columns)),
        )

    def _cures(self, rows: Axis, columns: Axis) -> list[Suggestion]:
        smaller = (_largest_kernel(rows), _largest_kernel(columns))
        padding = (_smallest_padding(rows), _smallest_padding(columns))
        kernel = Suggestion(f"Kernel {one_or_both(smaller)}", {"kernel_size": smaller})
        if not self._may_pad(rows, columns, padding):
            return [kernel]
        return [Suggestion(f"Pad {one_or_both(padding)}", {"padding": padding}), kernel]

    def _may_pad(self, rows: Axis, columns: Axis, padding: Pair) -> bool:
        """Whether this much padding is allowed."""
        return True


def _largest_kernel(axis: Axis) -> int:
    fits = (axis.size + sum(axis.pads) - 1) // axis.dilation + 1
    return max(1, min(axis.kernel, fits))


def _smallest_padding(axis: Axis) -> int:
    needed = -(-(axis.reach - axis.size) // 2)
    return max(axis.pads[0], needed)


def _padding(axes: tuple[Axis, ...], size: tuple[int, ...]) -> Pair | None:
    """The least padding, at most half a window, with which this many rows and columns come out, if one does."""
    tried = ((replace(axis, padding=lines) for lines in range(axis.reach // 2 + 1)) for axis in axes)
    rows, columns = (_first(axes, wanted) for axes, wanted in zip(tried, size, strict=True))
    return (int(rows.padding), int(columns.padding)) if rows and columns else None


def _kernel(axes: tuple[Axis, ...], size: tuple[int, ...]) -> Pair | None:
    """The nearest kernel, not 1 in place of another, with which this many rows and columns come out, if one does."""
    tried = ((replace(axis, kernel=kernel) for kernel in _kernels_near(axis.kernel)) for axis in axes)
    rows, columns = (_first(axes, wanted) for axes, wanted in zip(tried, size, strict=True))
    return (rows.kernel, columns.kernel) if rows and columns else None


def _kernels_near(kernel: int) -> list[int]:
    return sorted(range(min(2, kernel), kernel + 3), key=lambda other: abs(other - kernel))


def _first(axes: Iterable[Axis], outputs: int) -> Axis | None:
    return next((axis for axis in axes if axis.outputs == outputs), None)


def _said(name: str, value: Any) -> str:
    if value == "same":
        return "same padding"
    return f"{name.removesuffix('_size')} {one_or_both(value)}"


def compact(value: Any) -> Any:
    """A pair of equal numbers as one number, as a person writes it in code."""
    return value[0] if isinstance(value, tuple) and value[0] == value[1] else value


def changed(**keywords: tuple[Any, Any]) -> dict[str, Any]:
    """Keywords whose value differs from torch's default: ``changed(stride=(self.stride, 1))``."""
    compacted = {name: (compact(value), default) for name, (value, default) in keywords.items()}
    return {name: value for name, (value, default) in compacted.items() if value != default}
