"""A disk that is as good as full."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_may_not_grow_beyond(size: int) -> Iterator[None]:
    """For the time of the block no file of this process can have more bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
