from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from journal.accounts.models import User
from journal.accounts.people import anybody_home
from journal.moods import demo
from journal.moods.models import CheckIn, DailyMood
from journal.registry.models import ModelVersion
from journal.snapshots.models import Snapshot

pytestmark = pytest.mark.django_db


def test_it_fills_a_believable_stretch_and_its_page_removes_it(version: ModelVersion, person: User) -> None:
    out = StringIO()
    call_command("demo", days=30, stdout=out)
    made = User.objects.get(username=demo.NAME)
    assert 15 < DailyMood.objects.filter(user=made).count() <= 31
    assert {"said", "camera"} == set(DailyMood.objects.filter(user=made).values_list("source", flat=True))
    client = Client()
    assert client.login(username=demo.NAME, password=_password(out))
    page = client.get("/").content.decode()
    assert "Its days are made up" in page
    assert 'href="/demo/remove"' in page
    asked = client.get("/demo/remove").content.decode()
    assert "What goes" in asked
    assert "What stays" in asked
    assert User.objects.filter(pk=made.pk).exists(), "it was only asked"
    assert "The demo is removed" in client.post("/demo/remove", follow=True).content.decode()
    assert set(User.objects.all()) == {person}
    assert not CheckIn.objects.exists()
    assert not Snapshot.objects.exists()


def _password(out: StringIO) -> str:
    return out.getvalue().splitlines()[0].rpartition(" ")[2]


def test_the_dip_is_in_it(version: ModelVersion) -> None:
    person = demo.make(days=140)
    days = {(demo.timezone.now().date() - day).days: value for day, value in _values(person)}
    dip = [v for ago, v in days.items() if demo.DIP_AGO - demo.DIP_LENGTH < ago <= demo.DIP_AGO]
    rest = [v for ago, v in days.items() if ago < demo.DIP_AGO - demo.DIP_LENGTH]
    assert sum(dip) / len(dip) < sum(rest) / len(rest) - 0.2


def _values(person: User) -> list[tuple[object, float]]:
    rows = DailyMood.objects.filter(user=person).exclude(valence=None)
    return [(row.local_date, row.valence or 0.0) for row in rows]


def test_a_demo_is_nobody(version: ModelVersion, client: Client) -> None:
    demo.make(days=3)
    assert not anybody_home()
    assert client.get("/").headers["Location"] == "/welcome"


def test_there_is_one_demo_at_most(version: ModelVersion) -> None:
    demo.make(days=2)
    with pytest.raises(CommandError, match="already"):
        call_command("demo", days=2)


def test_a_real_person_can_not_press_the_button(signed_in: Client, person: User) -> None:
    assert signed_in.get("/demo/remove").status_code == 404
    assert signed_in.post("/demo/remove").status_code == 404
    assert User.objects.filter(pk=person.pk).exists()
