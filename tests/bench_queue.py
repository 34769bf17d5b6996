"""Part of ``make bench``: a queue of snapshots that one worker works off, beside the bare pipeline; and its memory.

A whole site on SQLite with its broker and its one inference worker, which stands still while the snapshots are queued:
ten a person, in turns, so that a batch holds sixteen people. Prints; asserts nothing.
``python -m tests.bench_queue [--snapshots N] [--threads N] [--varied] [--json]``
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import signal
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from PIL import Image

from inference.bench import PHOTO, encoded
from tests.site import Site, running

if TYPE_CHECKING:
    from journal.accounts.models import User

SNAPSHOTS, EACH = 1000, 10
LOOK_EVERY = 0.5
RAW_BATCHES = 6
TOO_MUCH = 10  # percent of all cores taken by other work
SIZES = 160  # of pictures, where they vary


@dataclass(frozen=True)
class Cost:
    """Milliseconds a picture, by the clock and by the processor."""

    clock: float
    processor: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench_queue", description=__doc__)
    parser.add_argument("--snapshots", type=int, default=SNAPSHOTS)
    parser.add_argument("--threads", type=int, default=2, help="of the worker and of the bare pipeline (default 2)")
    parser.add_argument("--varied", action="store_true", help=f"{SIZES} sizes of picture instead of one, 640x480")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    other_work = psutil.cpu_percent(interval=3)
    with tempfile.TemporaryDirectory(prefix="moodtide-bench-") as folder:
        home = Path(folder) / "home"
        with running(home, INFERENCE_THREADS=str(options.threads), LOG_LEVEL="WARNING") as site:
            figures = {"other work before it, % of all cores": other_work}
            figures |= measure(site, home, options.snapshots, options.threads, shots(options.varied))
    if other_work > TOO_MUCH:
        print(
            "The machine was busy: that slows the bare pipeline more than what surrounds it, and the ratios flatter.",
            file=sys.stderr,
        )
    print(json.dumps(figures, indent=2) if options.json else as_table(figures))
    return 0


def measure(site: Site, home: Path, count: int, threads: int, jpegs: Sequence[bytes]) -> dict[str, Any]:
    site.wait_until_reading()
    os.environ |= {"MOODTIDE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "journal.settings"}
    import django

    django.setup()
    worker = site.part("inference@")
    assert worker is not None
    worker.send_signal(signal.SIGSTOP)
    fill(count, jpegs)
    before = raw(threads, jpegs)
    through, memory = work_off(worker, count)
    after = raw(threads, jpegs)
    clock, processor = (before.clock + after.clock) / 2, (before.processor + after.processor) / 2
    return {
        "machine": f"{psutil.cpu_count()} cores, {threads} threads",
        "snapshots": count,
        "sizes of pictures": len(jpegs),
        "clock, ms a snapshot": round(through.clock, 1),
        "processor, ms a snapshot": round(through.processor, 1),
        "bare pipeline in batches of 16, clock, ms": round(clock, 1),
        "bare pipeline in batches of 16, processor, ms": round(processor, 1),
        "of the bare pipeline's speed, clock": round(clock / through.clock, 2),
        "of the bare pipeline's speed, processor": round(processor / through.processor, 2),
        "resident memory of the worker at each tenth, MB": memory,
        "its peak, MB": peak(worker),
    }


def shots(varied: bool) -> list[bytes]:
    """The pictures, in turns: browsers send what their cameras give, and uploads have any size."""
    if not varied:
        return [PHOTO.read_bytes()]
    photo = Image.open(PHOTO)
    widths = random.Random(0).sample(range(400, 1281), SIZES)
    return [encoded(photo.resize((width, width * 3 // 4))) for width in widths]


def fill(count: int, jpegs: Sequence[bytes]) -> None:
    """Queue snapshots as the intake leaves them: a sealed picture, a row, a bell; ten a person, in turns."""
    from django.utils import timezone

    from journal.snapshots import doorbell, pictures
    from journal.snapshots.models import Snapshot

    crowd, now = people(max(1, count // EACH)), timezone.now()
    rows = []
    for number in range(count):
        user, taken = crowd[number % len(crowd)], now - timedelta(minutes=30 * (number // len(crowd)))
        row = Snapshot(user=user, client_id=uuid.uuid4(), taken_at=taken, zone="UTC", local_date=taken.date())
        row.picture = pictures.keep(user, str(row.pk), jpegs[number % len(jpegs)])
        rows.append(row)
    Snapshot.objects.bulk_create(rows, batch_size=500)
    Snapshot.objects.update(rung_at=timezone.now())
    for row in rows:
        doorbell._ring(row.pk)


def people(count: int) -> list[User]:
    from journal.accounts.consent import TEXT_VERSIONS
    from journal.accounts.models import Consent, Profile, Purpose, User

    crowd = User.objects.bulk_create([User(username=f"p{n}", password="-") for n in range(count)])
    Profile.objects.bulk_create([Profile(user=person) for person in crowd])
    words = TEXT_VERSIONS[Purpose.CAMERA]
    Consent.objects.bulk_create(
        [Consent(user=person, purpose=Purpose.CAMERA, granted=True, text_version=words) for person in crowd]
    )
    return crowd


def work_off(worker: psutil.Process, count: int) -> tuple[Cost, list[float]]:
    """Let the worker go on until nothing waits; what each snapshot cost, and its memory at each tenth."""
    from journal.snapshots.models import Snapshot

    unfinished = Snapshot.objects.filter(status__in=[Snapshot.Status.QUEUED, Snapshot.Status.PROCESSING])
    memory: list[float] = []
    clock, processor = time.perf_counter(), spent(worker)
    worker.send_signal(signal.SIGCONT)
    while left := unfinished.count():
        if (count - left) * 10 // count > len(memory):
            memory.append(resident(worker))
        time.sleep(LOOK_EVERY)
    clock, processor = time.perf_counter() - clock, spent(worker) - processor
    read = Snapshot.objects.filter(outcome="read").count()
    assert read == count, f"{read} of {count} were read"
    return Cost(clock * 1000 / count, processor * 1000 / count), [*memory, resident(worker)]


def raw(threads: int, jpegs: Sequence[bytes]) -> Cost:
    """What the same pictures cost in batches of 16, without a site around them."""
    import cv2
    import torch

    from inference.pipeline import TOGETHER, Pipeline

    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    pipeline, shown = Pipeline.load(threads=threads), itertools.cycle(jpegs)
    pipeline.warm_up()
    batches = [list(itertools.islice(shown, TOGETHER)) for _ in range(1 + RAW_BATCHES)]
    pipeline.analyse(batches[0])
    clock, processor = time.perf_counter(), time.process_time()
    for batch in batches[1:]:
        pipeline.analyse(batch)
    each = 1000 / (RAW_BATCHES * TOGETHER)
    return Cost((time.perf_counter() - clock) * each, (time.process_time() - processor) * each)


def spent(process: psutil.Process) -> float:
    """Seconds of processor time."""
    times = process.cpu_times()
    return float(times.user + times.system)


def resident(process: psutil.Process) -> float:
    return round(process.memory_info().rss / 1e6, 1)


def peak(process: psutil.Process) -> float | None:
    """Most memory that the process ever held, where the system keeps count of that (Linux)."""
    status = Path(f"/proc/{process.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((round(int(line.split()[1]) * 1024 / 1e6, 1) for line in lines if line.startswith("VmHWM")), None)


def as_table(figures: dict[str, Any]) -> str:
    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in figures.items())


if __name__ == "__main__":
    sys.exit(main())
