"""The overlay in a browser: a transparent page for OBS and a plain one for a phone, fed by server-sent events."""
