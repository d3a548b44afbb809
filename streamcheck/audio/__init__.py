"""Where sound comes from: microphone, file, address, standard input; the ring between capture and recognition.

Everything here hands out mono float32 at 16 kHz. Nothing here knows words or rules.
"""
