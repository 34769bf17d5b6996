from __future__ import annotations

from typing import Any

import pytest

from journal.readings import presence as module
from journal.readings.presence import Presence, announce, presence


@pytest.fixture
def shared(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
        "shared": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "shared"},
    }
    from django.core.cache import caches

    caches["shared"].clear()


def test_what_is_announced_is_heard(shared: None) -> None:
    announce(Presence.READY)
    assert presence() is Presence.READY


def test_silence_is_warming_up_at_first_and_absence_later(shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_started", module.time.monotonic())
    assert presence() is Presence.WARMING
    monkeypatch.setattr(module, "_started", module.time.monotonic() - 2 * module.GRACE)
    assert presence() is Presence.AWAY


def test_a_broker_that_is_down_is_absence_and_a_line_for_the_operator(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_started", module.time.monotonic() - 2 * module.GRACE)
    announce(Presence.READY)
    assert presence() is Presence.AWAY
    assert "presence_unknown" in caplog.text
