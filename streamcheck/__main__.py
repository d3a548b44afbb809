"""`python -m streamcheck`."""

import sys

from streamcheck.cli import main

sys.exit(main())
