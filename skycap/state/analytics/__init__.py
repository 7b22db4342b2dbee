"""Figures of conversations in SQL, apart from the conversations: counts, names and moments, nothing that was said.

`tables` is the schema and `views` the questions asked most; `facts` turns a stored turn into rows, `archive` keeps them
and `intake` brings what is new from any StateBackend; `reconciling` compares the two (docs/state.md).
"""
