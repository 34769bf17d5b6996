"""Every page and every act, for every role, as a table."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from journal.accounts.models import User
from journal.oversight.roles import MAY, Role, give, role_of
from journal.oversight.urls import PAGES
from journal.registry.models import ModelVersion
from tests.bundles import candidate

pytestmark = pytest.mark.django_db

R, A, O = "reviewer", "administrator", "owner"  # noqa: E741
# name of the page, how it is asked, who gets in
TABLE = [
    ("index", "get", {R, A, O}),
    ("upload", "get", {A, O}),
    ("upload", "post", {A, O}),
    ("version", "get", {R, A, O}),
    ("evidence", "post", {A, O}),
    ("review", "post", {R, A, O}),
    ("switch", "post", {A, O}),
    ("retire", "post", {A, O}),
    ("trial", "post", {A, O}),
    ("delete", "post", {A, O}),
    ("thresholds", "get", {A, O}),
    ("thresholds", "post", {A, O}),
    ("compare", "get", {R, A, O}),
    ("choose", "get", {R, A, O}),
    ("go_back", "post", {A, O}),
    ("end_trial", "post", {A, O}),
    ("drift", "get", {R, A, O}),
]
LISTS = [("roles", {O}), ("registry/decision/", {R, A, O}), ("registry/evaluation/", {R, A, O})]


def address(name: str, version: ModelVersion, other: ModelVersion) -> str:
    found = next(path for path, called, _page, _permission in PAGES if called == name)
    return "/admin/" + found.replace("<int:pk>", str(version.pk)).replace("<int:other>", str(other.pk))


def ask(path: str, method: str, user: User | None) -> int:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return int(getattr(client, method)(path).status_code)


@pytest.mark.parametrize(("name", "method", "allowed"), TABLE)
def test_who_gets_in(
    name: str, method: str, allowed: set[str], members: dict[str, User], version: ModelVersion
) -> None:
    for seed, who in enumerate((R, A, O)):
        own = candidate(who, seed=seed)  # one for each: an administrator may delete it
        path = address(name, own, version)
        path += f"?first={own.pk}&second={version.pk}" if name == "choose" else ""
        status = ask(path, method, members[who])
        assert (status in (200, 302, 422)) == (who in allowed), (who, status)
        assert who in allowed or status == 403
    assert ask(path, method, None) == 302
    assert ask(path, "get", members["nobody"]) in (302, 404)


def test_whoever_has_no_role_finds_nothing_there(members: dict[str, User], version: ModelVersion) -> None:
    client = Client()
    client.force_login(members["nobody"], backend="django.contrib.auth.backends.ModelBackend")
    for path in ("/admin/", f"/admin/versions/{version.pk}", "/admin/roles", "/admin/registry/decision/"):
        assert client.get(path, follow=True).status_code == 404


def test_every_page_is_in_the_table() -> None:
    assert {name for name, _method, _allowed in TABLE} == {name for _path, name, _page, _permission in PAGES}


@pytest.mark.parametrize(("path", "allowed"), LISTS)
def test_the_lists(path: str, allowed: set[str], members: dict[str, User], version: ModelVersion) -> None:
    for who in (R, A, O):
        assert ask(f"/admin/{path}", "get", members[who]) == (200 if who in allowed else 403)


@pytest.mark.parametrize("path", ["registry/decision/add/", "registry/decision/1/delete/", "registry/evaluation/add/"])
def test_nobody_writes_history_by_hand(path: str, members: dict[str, User], version: ModelVersion) -> None:
    assert ask(f"/admin/{path}", "get", members["owner"]) in (302, 403)


@pytest.mark.parametrize(
    "path", ["password_change/", "logout/", "jsi18n/", "autocomplete/", "accounts/user/", "auth/group/"]
)
def test_what_the_site_does_itself_is_not_there(path: str, members: dict[str, User]) -> None:
    assert ask(f"/admin/{path}", "get", members["owner"]) == 404


def test_the_admin_has_no_way_in_of_its_own(client: Client) -> None:
    User.objects.create_superuser("mira")
    assert client.get("/admin/login/?next=/admin/")["Location"].startswith("/accounts/login/")
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_a_role_has_exactly_its_permissions(members: dict[str, User]) -> None:
    for role, names in MAY.items():
        given = Permission.objects.filter(group__name=role.value)
        assert {f"registry.{name}" for name in given.values_list("codename", flat=True)} == names


def test_the_owner_gives_and_takes_roles(owner_client: Client, members: dict[str, User]) -> None:
    ada = members["nobody"]
    owner_client.post("/admin/roles", {"person": ada.pk, "role": "reviewer"})
    ada.refresh_from_db()
    assert (role_of(ada), ada.is_staff) == (Role.REVIEWER, True)
    owner_client.post("/admin/roles", {"person": ada.pk, "role": ""})
    ada = User.objects.get(pk=ada.pk)
    assert (role_of(ada), ada.is_staff) == (None, False)


def test_nobody_changes_the_owner(owner_client: Client, owner: User) -> None:
    assert owner_client.post("/admin/roles", {"person": owner.pk, "role": "reviewer"}).status_code == 404
    give(owner, None)
    assert User.objects.get(pk=owner.pk).is_staff
