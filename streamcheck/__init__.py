"""streamcheck: hears a live sales broadcast and flags speech that breaks a marketplace's rules."""

__version__ = "0.1.0"
