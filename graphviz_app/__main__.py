"""``python -m graphviz_app``."""

import sys

from graphviz_app.cli import main

if __name__ == "__main__":
    sys.exit(main())
