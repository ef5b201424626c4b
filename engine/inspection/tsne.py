"""t-SNE in a process of its own, which ends when nobody waits for it any more.

Run as a program it reads settings and values from standard input and writes points to standard output.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.progress import Listener, Progress, tell

_STEP = re.compile(rb"\[t-SNE\] Iteration (\d+)")
_TASK = "Placing points"

Floats = NDArray[np.float64]


def tsne(values: Floats, *, perplexity: float, steps: int, seed: int, listener: Listener | None = None) -> Floats:
    """Values ``(N, F)`` as points ``(N, 2)``; the same ``seed`` gives the same, as it runs on one core.

    ``perplexity`` is lowered to a third of the images where they are few. ``listener`` hears of it every 50 steps, and
    may call it off; the work ends at once then. Raises `RuntimeError` with all that the other process said if it fails.
    """
    perplexity = min(perplexity, (len(values) - 1) / 3)
    said = {"perplexity": perplexity, "max_iter": steps, "random_state": seed}
    tell(listener, Progress(_TASK, 0, steps, "steps"))
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    ) as child:
        try:
            return _answer(child, said, values, listener, steps)
        finally:
            child.kill()


def _answer(
    child: subprocess.Popen[bytes], said: dict[str, Any], values: Floats, listener: Listener | None, steps: int
) -> Floats:
    assert child.stdin
    assert child.stdout
    assert child.stderr
    buffer = io.BytesIO()
    np.save(buffer, values)
    child.stdin.write(json.dumps(said).encode() + b"\n" + len(buffer.getvalue()).to_bytes(8, "big"))
    child.stdin.write(buffer.getvalue())
    child.stdin.flush()  # it stays open: where it ends, the other process does
    heard = []
    for line in child.stderr:
        heard.append(line)
        if found := _STEP.match(line):
            tell(listener, Progress(_TASK, int(found[1]), steps, "steps"))
    given = child.stdout.read()
    if child.wait():
        raise RuntimeError(f"t-SNE ended with {child.returncode}:\n{b''.join(heard).decode(errors='replace')}")
    points: Floats = np.load(io.BytesIO(given))
    return points


def _run(source: IO[bytes], target: IO[bytes]) -> None:
    """What the other process does; progress goes to standard error."""
    from sklearn.manifold import TSNE

    said = json.loads(source.readline())
    values = np.load(io.BytesIO(source.read(int.from_bytes(source.read(8), "big"))))
    threading.Thread(target=_end_with, args=(source.fileno(),), daemon=True).start()
    sys.stdout = sys.stderr
    points = TSNE(2, init="pca", learning_rate="auto", verbose=2, **said).fit_transform(values)
    np.save(target, points.astype(np.float64))
    target.flush()


def _end_with(source: int) -> None:
    """End this process when the one that started it does, and the pipe from there with it."""
    while os.read(source, 1):  # past Python's buffer, which a thread that waits would hold when the program ends
        pass
    os._exit(1)


if __name__ == "__main__":
    _run(sys.stdin.buffer, sys.stdout.buffer)
