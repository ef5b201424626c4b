"""What takes long, made ahead of time in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def made_ahead(items: Iterable[T], make: Callable[[T], R], *, workers: int) -> Iterator[R]:
    """What ``make`` gives for each item, in their order, for up to ``workers`` items at once; without, one by one."""
    if not workers:
        yield from map(make, items)
        return
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="Making batches") as pool:
        try:
            for item in items:
                waiting.append(pool.submit(make, item))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # whoever stops wants none of what was to come
