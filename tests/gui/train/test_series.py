import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gui.train.runs.series import Series


@given(rows=st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), max_size=700), kept=st.integers(0, 800))
def test_a_series_holds_what_was_appended_and_keeps_what_it_is_told(rows, kept):
    series = Series("x", "y")
    for row in rows:
        series.append(*row)
    assert len(series) == len(rows)
    assert np.array_equal(series["x"], [x for x, _ in rows])
    series.keep(kept)
    assert np.array_equal(series["y"], [y for _, y in rows][:kept])
