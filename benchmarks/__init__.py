"""Measurements of a running Skycap: `make eval` and `make bench`, each ending with one line of JSON."""
