"""Conversations that a person takes over: the queue they wait in, and the desk where people answer them.

Level 1: no Rasa, no business; the caller brings the engine and the moment. `actions/shared_handoff.py` puts a
conversation into the queue, `skycap handoffs` is the desk, and `skycap/serving/handoffs.py` carries words between both.
"""

from skycap.handoffs import desk
from skycap.handoffs.queue import Handoff, HandoffQueue, Line, NotPossible, UnknownHandoff, within_hours

__all__ = ["Handoff", "HandoffQueue", "Line", "NotPossible", "UnknownHandoff", "desk", "within_hours"]
