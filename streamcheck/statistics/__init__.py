"""What many broadcasts show together: how often, where, by whom, and which rules are wrong."""
