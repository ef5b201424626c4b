"""A folder of 100 000 images: how long it takes to know what it holds, and how much memory."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

IMAGES, CLASSES, EDGE = 100_000, 100, 32
LIMIT_S = 5

_CHILD = """
import json, resource, sys, time
import engine.data.colour, engine.data.copies, engine.data.folder
from engine.data.user_folder import Folder
used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
before, wall, busy = used(), time.perf_counter(), time.process_time()
found = Folder(path=sys.argv[1]).describe()
seconds, busy_seconds = time.perf_counter() - wall, time.process_time() - busy
print(json.dumps([found.images, seconds, busy_seconds, used() - before]))
"""


def run() -> dict[str, Any]:
    """``ratio`` is the time in which the processor is busy over what is allowed; below 1 is good.

    In ``seconds`` the disk, and whatever else runs on the machine, have their share.
    """
    return measured(IMAGES)


def measured(count: int) -> dict[str, Any]:
    """The same for a folder of so many images."""
    with tempfile.TemporaryDirectory() as place:
        fill(Path(place), count)
        done = subprocess.run([sys.executable, "-c", _CHILD, place], capture_output=True, text=True, check=True)
    images, seconds, busy_seconds, size = json.loads(done.stdout)
    return {
        "ratio": round(busy_seconds / LIMIT_S, 2),
        "images": images,
        "seconds": round(seconds, 1),
        "busy_seconds": round(busy_seconds, 1),
        "limit_s": LIMIT_S,
        "memory_mb": round(size / 1e6),
        "bytes_an_image": round(size / images),
    }


def fill(place: Path, count: int) -> None:
    """Put small JPEG files into the folder of each class; no two are the same, as links and copies count once."""
    noise = np.random.default_rng(0).integers(0, 256, (EDGE, EDGE, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "JPEG")
    for number in range(min(CLASSES, count)):
        (place / f"{number:03d}").mkdir()
    for number in range(count):
        file = place / f"{number % CLASSES:03d}" / f"{number:06d}.jpg"
        file.write_bytes(stream.getvalue() + number.to_bytes(4, "big"))  # what stands after the end is not read
