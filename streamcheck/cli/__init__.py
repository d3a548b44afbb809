"""The command line; `main` is its entry point."""

from streamcheck.cli.main import main

__all__ = ["main"]
