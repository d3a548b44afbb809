"""What is kept of every broadcast: words, findings, decisions, gaps and sound, safe against a crash at any moment."""
