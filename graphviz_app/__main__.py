"""``python -m graphviz_app``."""

import sys
from pathlib import Path

if __name__ == "__main__":
    # `-m` puts the current folder first: a random.py or torch.py of the person's there must not replace the real one.
    if not sys.flags.safe_path and Path(sys.path[0]).resolve() != Path(__file__).resolve().parents[1]:
        del sys.path[0]
    from graphviz_app.cli import main

    sys.exit(main())
