"""What leaves a live session for others: a webhook, a log, a summary. None of it can hold the session up."""
