"""`python -m skycap`, the same as `skycap`."""

import sys

from skycap.cli import main

sys.exit(main())
