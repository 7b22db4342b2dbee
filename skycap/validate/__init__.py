"""Checks of what designers and trainers write, in seconds and without training: `skycap validate`, `make validate`.

Reads domain.yml, config.yml, data/, the replies of languages/ and the code's syntax trees, writes nothing. `project`
runs everything: `sentences` looks at the NLU examples, `translations` at what each language has, `replies` knows which
responses the code says.
"""
