"""Columns of numbers that grow at their end while a run goes on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 256


class Series:
    """Named columns of float64, one row appended at a time in constant time.

    A column is a view of what is there now: read it, and read it anew after the next `append`.
    """

    def __init__(self, *columns: str) -> None:
        self.columns = columns
        self._rows = np.empty((len(columns), _FIRST_CAPACITY))
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, column: str) -> NDArray[np.float64]:
        return self._rows[self.columns.index(column), : self._length]

    def append(self, *row: float) -> None:
        """Add one value to every column, in their order."""
        if self._length == self._rows.shape[1]:
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)], axis=1)
        self._rows[:, self._length] = row
        self._length += 1

    def add_columns(self, *columns: str) -> None:
        """Have these columns too, with NaN in the rows that are there."""
        new = [column for column in dict.fromkeys(columns) if column not in self.columns]
        self.columns = (*self.columns, *new)
        self._rows = np.concatenate([self._rows, np.full((len(new), self._rows.shape[1]), np.nan)])

    def keep(self, length: int) -> None:
        """Forget the rows after the first ``length``."""
        self._length = min(length, self._length)
