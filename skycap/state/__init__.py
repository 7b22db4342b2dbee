"""Conversations: a window of each one live, all of it kept, one writer at a time (docs/state.md).

Level 2. `backend` is the border to a store and keeps conversations in memory, `sql` and `redis` keep them for good;
`encoding` turns Rasa's events into text and back, `window` says which of them a turn still needs, `tracker_store` joins
these for Rasa, `locks` lets one message of a conversation be handled at a time.
"""
