"""Streams of servers that people run: nginx with its RTMP module, GStreamer's RTSP server."""

import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import streamcheck.audio.address as address
from streamcheck.events import SAMPLE_RATE
from tests.audio.sound import gaps, joined, pitches
from tests.audio.streaming import NO_HANG, Encoder, connected, free_port, heard_at, until_told

RTMP_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")
NGINX = """
load_module {module};
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{port}; application live {{ live on; }} }} }}
"""
RTSP = """
import sys, gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(sys.argv[1])
factory = GstRtspServer.RTSPMediaFactory()
tone = f"audiotestsrc is-live=true freq={sys.argv[2]} ! audio/x-raw,rate=8000,channels=1"
factory.set_launch(f"( {tone} ! alawenc ! rtppcmapay name=pay0 pt=8 )")
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
GLib.MainLoop().run()
"""


def _has_rtsp_server() -> bool:
    need = "gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    command = ["/usr/bin/python3", "-c", f"import gi; {need}"]
    return Path(command[0]).exists() and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[str]:
    """The address of a stream on a running nginx."""
    if not RTMP_MODULE.exists() or shutil.which("ffmpeg") is None:
        pytest.skip("needs the Debian packages nginx-light, libnginx-mod-rtmp and ffmpeg")
    port = free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(NGINX.format(module=RTMP_MODULE, folder=tmp_path, port=port))
    server = subprocess.Popen(["nginx", "-c", str(config), "-p", str(tmp_path)], stderr=subprocess.DEVNULL)
    yield f"rtmp://127.0.0.1:{port}/live/x"
    server.terminate()
    server.wait()


def test_a_publisher_that_drops_and_returns_on_nginx_has_one_gap_and_ends_in_order(
    nginx: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "_LONGEST_PAUSE", 1.0)
    publishers = [Encoder(600, 60, "-f", "flv", nginx)]
    returned: list[float] = []

    def come_back() -> None:
        publishers.append(Encoder(900, 4, "-f", "flv", nginx))
        returned.append(time.monotonic())

    def drop() -> None:
        publishers[0].drop()
        threading.Timer(2.0, come_back).start()

    try:
        source = connected(nginx, give_up=8.0)
        blocks = heard_at(source, {2.0: drop}, tmp_path)
    finally:
        for publisher in publishers:
            publisher.drop()
    ended = time.monotonic()
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE > 1
    assert set(pitches(joined(blocks)[:start])) <= {600, 0}
    assert pitches(joined(blocks)[stop:])[:3] == [900] * 3
    assert ended - returned[0] < 4 + 8 + NO_HANG
    assert source.trouble.startswith("поток закончился или пропал")


@pytest.fixture
def rtsp() -> Iterator[Any]:
    """Starts a server with a tone at `rtsp.url`; one at a time."""
    if not _has_rtsp_server():
        pytest.skip("needs the Debian packages gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-good and python3-gi")
    port = str(free_port())
    running: list[subprocess.Popen[bytes]] = []

    def start(pitch: int) -> subprocess.Popen[bytes]:
        running.append(subprocess.Popen(["/usr/bin/python3", "-c", RTSP, port, str(pitch)]))
        return running[-1]

    start.url = f"rtsp://127.0.0.1:{port}/live"  # type: ignore[attr-defined]
    yield start
    for server in running:
        server.kill()
        server.wait()


def test_rtsp_that_stalls_drops_returns_and_ends(rtsp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(address, "_LONGEST_PAUSE", 1.0)
    first = rtsp(600)
    source = connected(rtsp.url, give_up=12.0)
    told: list[float] = []

    def stall() -> None:
        first.send_signal(signal.SIGSTOP)
        threading.Thread(target=go_on).start()

    def go_on() -> None:
        told.append(until_told(source, "в потоке нет звука"))
        first.kill()
        first.wait()
        second = rtsp(900)
        while source.trouble and not source.trouble.startswith("поток закончился"):
            time.sleep(0.02)
        threading.Timer(4.0, second.kill).start()

    blocks = heard_at(source, {6.0: stall}, tmp_path)  # a clock that starts anew is then plainly another one
    assert told[0] < NO_HANG
    ((start, stop),) = gaps(blocks)
    assert (stop - start) / SAMPLE_RATE > 3
    assert set(pitches(joined(blocks)[:start])) <= {600, 0}
    assert pitches(joined(blocks)[stop:])[:3] == [900] * 3
    assert source.trouble.startswith("поток закончился или пропал")
