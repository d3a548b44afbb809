"""Real servers on loopback that break, stall, return and end when a test says so."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.audio.sound import scale, write_media

PITCHES = [300 + 100 * number for number in range(11)]
"""The pitch of each second of a broadcast."""


class Broadcast:
    """A server of HLS: a live playlist whose window the test moves, and files. `address` leads to the playlist.

    `mode` is what it does with a request: "serve", "refuse" (503), or "stall" (no answer until the mode changes).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        write_media(
            folder / "all.m3u8",
            "aac",
            scale(PITCHES, 48_000),
            options={"hls_time": "1", "hls_list_size": "0", "hls_playlist_type": "vod"},
        )
        self.first, self.last = 0, 3
        self.ended = False
        self.refused = 0
        self.cut_after: int | None = None
        self._mode = "serve"
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"{self.root}/live.m3u8"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def mode(self) -> str:
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        with self._changed:
            self._mode = mode
            self._changed.notify_all()

    def close(self) -> None:
        self.mode = "refuse"
        self._server.shutdown()
        self._server.server_close()

    def await_no_stall(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._mode != "stall")

    def body(self, name: str) -> bytes | None:
        """What a path holds."""
        if name == "live.m3u8":
            return self._playlist().encode()
        path = self._folder / name
        return path.read_bytes() if path.exists() else None

    def _playlist(self) -> str:
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{self.first}"]
        lines += [f"#EXTINF:1.0,\nall{number}.ts" for number in range(self.first, self.last)]
        return "\n".join(lines + ["#EXT-X-ENDLIST"] * self.ended) + "\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, broadcast: Broadcast, *args: Any) -> None:
        self._broadcast = broadcast
        super().__init__(*args)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        broadcast = self._broadcast
        broadcast.await_no_stall()
        body = broadcast.body(self.path.partition("?")[0].lstrip("/"))
        if broadcast.mode == "refuse":
            broadcast.refused += 1
            self._answer(503, b"")
        elif body is None:
            self._answer(404, b"")
        else:
            self._send(body)

    def _send(self, body: bytes) -> None:
        asked = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")
        start, stop = int(asked[0]), int(asked[2] or len(body) - 1) + 1
        headers = {"Content-Range": f"bytes {start}-{stop - 1}/{len(body)}", "Accept-Ranges": "bytes"}
        cut, self._broadcast.cut_after = self._broadcast.cut_after, None
        self._answer(206 if "Range" in self.headers else 200, body[start:stop], headers, cut)

    def _answer(self, code: int, body: bytes, headers: dict[str, str] | None = None, cut: int | None = None) -> None:
        try:
            self.send_response(code)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body[:cut])
        except OSError:  # who asked has gone
            self.close_connection = True
        self.close_connection |= cut is not None
