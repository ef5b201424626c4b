"""How much memory a training holds."""

import mmap

import pytest

from engine.machine.memory import Memory, device_memory, free_bytes
from gui.train.runs.words import memory_text


@pytest.mark.skipif(free_bytes() is None, reason="only Linux says")
def test_the_program_s_own_memory_grows_with_what_it_holds():
    before = device_memory("cpu")
    held = mmap.mmap(-1, 50_000_000)  # fresh pages: what earlier tests let go of is taken again otherwise
    held.write(b"x" * len(held))
    after = device_memory("cpu")
    assert after.used - before.used > 40_000_000
    assert before.total == after.total > len(held)


def test_memory_is_told_in_gigabytes():
    assert memory_text(Memory(11_400_000_000, 139_000_000_000)) == "11.4 of 139 GB"
    assert memory_text(Memory(412_000_000, 8_100_000_000)) == "0.412 of 8.1 GB"
