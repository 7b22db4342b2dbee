"""NLU components of Skycap, named by dotted path in config.yml. Level 2: read a Rasa message, write to it."""
