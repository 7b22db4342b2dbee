"""One message of a conversation at a time, in the order they came; who waits is woken, not polled.

`MemoryLocks` is for one process, `FileLocks` for the processes of one machine, `RedisLocks` for several machines. All
write down what the running turn holds (`skycap/state/held.py`), so that the tracker store can refuse a turn that was
overtaken.

In endpoints.yml:

    lock_store:
      type: skycap.state.locks.RedisLocks      # or FileLocks, which needs no url
      url: redis://…
"""

from skycap.state.locks.files import FileLocks
from skycap.state.locks.memory import MemoryLocks
from skycap.state.locks.redis import RedisLocks

__all__ = ["FileLocks", "MemoryLocks", "RedisLocks"]
