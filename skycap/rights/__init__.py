"""A traveller's rights: everything that is kept of them erased or exported, and what is old deleted.

Level 2, used by `skycap privacy` and, for the conversation at hand, by skycap/serving/erasure.py. `places` opens every
store, `conversations` is Rasa's, `traveller` finds what belongs to whom, `acts` erases, exports and expires, `files`
leaves nothing behind in SQLite's files.
"""

from skycap.rights.acts import AHEAD, Row, erase, erase_conversation, expire, export, save
from skycap.rights.conversations import NotReached
from skycap.rights.places import Places, open_places

__all__ = [
    "AHEAD",
    "NotReached",
    "Places",
    "Row",
    "erase",
    "erase_conversation",
    "expire",
    "export",
    "open_places",
    "save",
]
