"""``make bench``: how fast a shutter becomes a mixture, and how small a web process stays. Prints; asserts nothing."""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.camera import Browser, film
from tests.pictures import encode, webcam
from tests.site import Site, Visitor, eventually, running

SHOTS = 50


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--shots", type=int, default=SHOTS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="moodtide-bench-") as folder, running(Path(folder) / "home") as site:
        figures = measure(site, Path(folder), options.shots)
    print(json.dumps(figures, indent=2) if options.json else as_table(figures))
    return 0


def measure(site: Site, folder: Path, shots: int) -> dict[str, Any]:
    site.wait_until_reading()
    visitor = Visitor(site.url)
    visitor.become_owner()
    figures = {"machine": f"{psutil.cpu_count()} cores, {platform.machine()}", "shots": shots}
    figures["upload to reading, no browser (s)"] = spread([without_browser(visitor) for _ in range(shots)])
    figures["shutter to mixture on the page (s)"] = spread(in_the_browser(site, folder, shots))
    figures |= web_process(site)
    return figures


def without_browser(visitor: Visitor) -> float:
    """Seconds from sending a 640x480 JPEG to its reading in the database."""
    picture = encode(webcam())
    started = time.perf_counter()
    visitor.result(visitor.shoot(picture))
    return time.perf_counter() - started


def in_the_browser(site: Site, folder: Path, shots: int) -> list[float]:
    """Seconds between the page's own marks: shutter pressed, mixture drawn."""
    with Browser(site.url, film(folder / "camera.mjpeg")) as browser:
        browser.sign_in()
        browser.open_camera()
        return [browser.shoot() for _ in range(shots)]


def web_process(site: Site) -> dict[str, Any]:
    gunicorn = site.part("gunicorn")
    assert gunicorn is not None
    workers = gunicorn.children()
    assert workers
    loaded = " ".join(found.path for found in workers[0].memory_maps())
    return {
        "web worker resident memory (MB)": round(workers[0].memory_info().rss / 1e6, 1),
        "web worker maps torch": "torch" in loaded,
        "web worker maps cv2": "cv2" in loaded,
        "web server start to first response (s)": round(first_response(site), 2),
    }


def first_response(site: Site) -> float:
    """Kill the web server; from its successor's start until it answers."""
    old = site.part("gunicorn")
    assert old is not None
    old.kill()

    def successor() -> psutil.Process | None:
        found = site.part("gunicorn")
        return found if found and found.pid != old.pid else None

    started = eventually(successor, 30).create_time()
    eventually(lambda: _answers(site), 30)
    return time.time() - started


def _answers(site: Site) -> bool:
    try:
        return Visitor(site.url).get("/healthz").status == 200
    except OSError:
        return False


def spread(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(statistics.median(seconds), 3), "p95": round(cuts[18], 3), "max": round(max(seconds), 3)}


def as_table(figures: dict[str, Any]) -> str:
    def cell(value: Any) -> str:
        return "  ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)

    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {cell(value)}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
