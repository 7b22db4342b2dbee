"""Checks of what designers and trainers write, in seconds and without training: `skycap validate`, `make validate`.

Level 2. Reads domain.yml, config.yml and data/, writes nothing: `sentences` looks at the NLU examples, `project` lets
Rasa check the whole project, `replies` knows which responses the code says.
"""

from skycap.validate.findings import Finding
from skycap.validate.project import validate_project
from skycap.validate.sentences import check_sentences, read_sentences

__all__ = ["Finding", "check_sentences", "read_sentences", "validate_project"]
