"""t-SNE in a process of its own, which ends when nobody waits for it any more.

Run as a program it reads settings and values from standard input and writes points to standard output.
"""

from __future__ import annotations

import io
import json
import os
import queue
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from engine.data.progress import Listener, Progress, tell

_STEP = re.compile(rb"\[t-SNE\] Iteration (\d+)")
_TASK = "Placing points"
_ASK_EVERY = 0.1  # s; a step of 10 000 images takes as long

Floats = NDArray[np.float64]


def tsne(values: Floats, *, perplexity: float, steps: int, seed: int, listener: Listener | None = None) -> Floats:
    """Values ``(N, F)`` as points ``(N, 2)``; the same ``seed`` gives the same, as it runs on one core.

    ``perplexity`` is lowered to a third of the images where they are few. ``listener`` hears of every 50 steps, and may
    call it off in between; the work ends at once then. Raises `RuntimeError` with all that the other process said if it
    fails.
    """
    perplexity = min(perplexity, (len(values) - 1) / 3)
    said = {"perplexity": perplexity, "max_iter": steps, "random_state": seed}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    tell(listener, Progress(_TASK, 0, steps, "steps"))
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stderr
        lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        reading = threading.Thread(target=_read, args=(child.stderr, lines))
        reading.start()
        try:
            with suppress(BrokenPipeError):  # it says itself why it ended
                _send(child.stdin, said, values)
            heard = list(_heard(lines, listener, steps))
            given = child.stdout.read()
        finally:
            child.kill()
            reading.join()
    if child.returncode and not given:
        raise RuntimeError(f"t-SNE ended with {child.returncode}:\n{b''.join(heard).decode(errors='replace')}")
    points: Floats = np.load(io.BytesIO(given))
    return points


def _send(target: IO[bytes], said: dict[str, Any], values: Floats) -> None:
    """Send the work; the pipe stays open, as the other process ends where it does."""
    buffer = io.BytesIO()
    np.save(buffer, values)
    target.write(json.dumps(said).encode() + b"\n" + len(buffer.getvalue()).to_bytes(8, "big"))
    target.write(buffer.getvalue())
    target.flush()


def _read(source: IO[bytes], lines: queue.SimpleQueue[bytes | None]) -> None:
    for line in source:
        lines.put(line)
    lines.put(None)


def _heard(lines: queue.SimpleQueue[bytes | None], listener: Listener | None, steps: int) -> Iterator[bytes]:
    """What the other process says until it ends; the listener may call it off also while it says nothing."""
    done = 0
    while True:
        try:
            line = lines.get(timeout=_ASK_EVERY)
        except queue.Empty:
            tell(listener, Progress(_TASK, done, steps, "steps"))
            continue
        if line is None:
            return
        yield line
        if found := _STEP.match(line):
            done = int(found[1])
            tell(listener, Progress(_TASK, done, steps, "steps"))


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
