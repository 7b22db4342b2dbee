"""Checks of what designers and trainers write, in seconds and without training: `skycap validate`, `make validate`.

Level 2. Reads domain.yml, config.yml, data/ and the code's syntax trees, writes nothing. `project` runs everything:
`sentences` looks at the NLU examples, `replies` knows which responses the code says.
"""
