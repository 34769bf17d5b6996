from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from journal.accounts.models import User
from journal.readings.models import Reading
from journal.registry import trial
from journal.registry.champion import champion, go_back, previous, switch
from journal.registry.history import switches
from journal.registry.models import Decision, ModelAlias, ModelVersion
from journal.registry.refusal import VersionRefused
from journal.registry.review import approve, delete, reject, retire
from journal.snapshots.models import Snapshot
from tests.bundles import approved, candidate

pytestmark = pytest.mark.django_db
Status = ModelVersion.Status
WHY = "Better on sadness."


def refusal(code: str) -> Any:
    return pytest.raises(VersionRefused, check=lambda error: error.code == code)


def test_a_candidate_is_approved_with_a_reason(person: User) -> None:
    version = candidate()
    with refusal("no_reason"):
        approve(version, person.pk, "  ")
    approve(version, person.pk, WHY)
    decision = Decision.objects.get(kind=Decision.Kind.APPROVED)
    assert (decision.by, decision.reason, decision.version) == (person, WHY, version)


@pytest.mark.parametrize("status", [Status.CHECKING, Status.APPROVED, Status.REJECTED, Status.RETIRED])
def test_only_a_candidate_can_be_approved(person: User, status: str) -> None:
    version = candidate()
    ModelVersion.objects.update(status=status)
    with refusal("wrong_state"):
        approve(version, person.pk, WHY)


def test_with_the_rule_it_takes_two(person: User, other: User, version: ModelVersion, settings: Any) -> None:
    settings.MODEL_TWO_PERSON_RULE = True
    own = candidate(by=person.pk)
    with refusal("two_persons"):
        approve(own, person.pk, WHY)
    approve(own, other.pk, WHY)
    with refusal("two_persons"):
        switch(own, other.pk, WHY, version.pk)
    switch(own, person.pk, WHY, version.pk)
    assert champion() == own
    go_back(person.pk, own.pk)
    assert champion() == version


def test_without_the_rule_one_person_may_do_it_all(person: User, version: ModelVersion) -> None:
    switch(approved("own", person.pk), person.pk, WHY, version.pk)
    assert champion().name == "own"


def test_a_switch_is_written_down_and_goes_back_by_one_click(person: User, version: ModelVersion) -> None:
    assert previous() is None
    with refusal("no_way_back"):
        go_back(person.pk, version.pk)
    own = approved("own", person.pk)
    switch(own, person.pk, WHY, version.pk)
    assert (champion(), previous()) == (own, version)
    assert go_back(person.pk, own.pk) == version
    assert (champion(), previous()) == (version, own)
    kinds = [row.kind for row in Decision.objects.exclude(instead_of=None).order_by("id")]
    assert kinds == [Decision.Kind.IN_CHARGE, Decision.Kind.WENT_BACK]
    assert [name for _at, name in switches(version.created_at, Decision.objects.latest("id").at)] == ["own"]


@pytest.mark.parametrize("status", [Status.CHECKING, Status.CANDIDATE, Status.REJECTED, Status.RETIRED])
def test_only_an_approved_version_is_put_in_charge(person: User, version: ModelVersion, status: str) -> None:
    own = candidate()
    ModelVersion.objects.filter(pk=own.pk).update(status=status)
    with refusal("not_approved"):
        switch(own, person.pk, WHY, version.pk)
    assert champion() == version


def test_of_two_switches_the_second_is_told(person: User, version: ModelVersion) -> None:
    first, second = approved("first", person.pk), approved("second", person.pk, seed=1)
    switch(first, person.pk, WHY, version.pk)
    with pytest.raises(VersionRefused, match="just put first in charge"):
        switch(second, person.pk, WHY, version.pk)
    assert champion() == first


def test_weights_that_are_gone_are_noticed_before_the_switch(
    person: User, version: ModelVersion, own_storage: Path
) -> None:
    own = approved("own", person.pk)
    (own_storage / f"{own.sha256}.safetensors").unlink()
    with pytest.raises(VersionRefused, match="can't be fetched"):
        switch(own, person.pk, WHY, version.pk)
    assert champion() == version


def test_a_version_in_use_is_neither_rejected_nor_retired(person: User, version: ModelVersion) -> None:
    own = candidate()
    trial.start_trial(own, 0.5, person.pk)
    for decide, row in ((reject, own), (retire, version)):
        with refusal("in_use"):
            decide(row, person.pk, WHY)
    trial.end_trial(person.pk)
    reject(own, person.pk, WHY)
    retire(own, person.pk, WHY)
    assert own.status == Status.RETIRED


def test_a_trial_is_of_one_version_that_is_not_in_charge(person: User, version: ModelVersion) -> None:
    own, other = candidate("own"), candidate("other", seed=1)
    with refusal("in_charge_already"):
        trial.start_trial(version, 1, person.pk)
    for share in (0, 1.1):
        with refusal("share"):
            trial.start_trial(own, share, person.pk)
    trial.start_trial(own, 0.25, person.pk)
    trial.start_trial(other, 0.5, person.pk)
    alias = trial.challenger()
    assert alias is not None
    assert (alias.version, alias.share) == (other, 0.5)
    approve(other, person.pk, WHY)
    switch(other, person.pk, WHY, version.pk)
    assert trial.challenger() is None
    ended = Decision.objects.filter(kind=Decision.Kind.TRIAL_ENDED)
    assert [row.name for row in ended] == ["own"]


def test_a_version_with_readings_stays(person: User, queued: Snapshot, own_storage: Path) -> None:
    own = candidate()
    zero = dict.fromkeys(("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"), 0.1)
    box = dict.fromkeys(("box_left", "box_top", "box_right", "box_bottom", "score"), 0.5)
    reading = Reading.objects.create(snapshot=queued, version=own, **zero, **box)
    with pytest.raises(VersionRefused, match="has readings"):
        delete(own, person.pk)
    assert not Decision.objects.filter(kind=Decision.Kind.DELETED).exists()
    reading.delete()
    delete(own, person.pk)
    assert not ModelVersion.objects.filter(name="small").exists()
    assert Decision.objects.filter(name="small", version=None).count() == 3


def test_the_champion_and_the_shipped_version_stay(person: User, version: ModelVersion) -> None:
    with refusal("shipped"):
        delete(version, person.pk)
    own = approved("own", person.pk)
    ModelAlias.objects.update(version=own)
    with refusal("has_readings"):
        delete(own, person.pk)


def test_weights_go_with_the_last_version_that_needs_them(
    person: User, own_storage: Path, django_capture_on_commit_callbacks: Any
) -> None:
    own = candidate()
    with django_capture_on_commit_callbacks(execute=True):
        delete(own, person.pk)
    assert not list(own_storage.iterdir())
