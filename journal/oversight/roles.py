"""Who may do what with model versions, as one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.accounts.models import User


class Role(TextChoices):
    """The owner has no group: they may do everything, and are the one who gives the others."""

    REVIEWER = "reviewer", _("Reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")


VIEW: Final = "registry.view_modelversion"
HISTORY: Final = "registry.view_decision"
EVALUATIONS: Final = "registry.view_evaluation"
REVIEW: Final = "registry.review_modelversion"
BRING: Final = "registry.add_modelversion"
MEASURE: Final = "registry.add_evaluation"
SWITCH: Final = "registry.switch_modelversion"
DELETE: Final = "registry.delete_modelversion"

LOOK: Final = frozenset({VIEW, HISTORY, EVALUATIONS})
MAY: Final[Mapping[Role, frozenset[str]]] = {
    Role.REVIEWER: LOOK | {REVIEW},
    Role.ADMINISTRATOR: LOOK | {REVIEW, BRING, MEASURE, SWITCH, DELETE},
}


def prepare(sender: AppConfig, **kwargs: Any) -> None:
    """After the registry's migrations, which make its permissions: a group for each role, with exactly its own."""
    if sender.label != "registry":
        return
    rows = Permission.objects.filter(content_type__app_label="registry").values_list("codename", "pk")
    known = {f"registry.{codename}": pk for codename, pk in rows}
    for role, names in MAY.items():
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(known[name] for name in names)


def role_of(user: User) -> Role | None:
    """A person's role; uses what was prefetched. The owner has none."""
    names = {group.name for group in user.groups.all()}
    return next((role for role in reversed(Role) if role.value in names), None)


@transaction.atomic
def give(user: User, role: Role | None) -> None:
    """Give a person a role, in place of the one they have."""
    user.groups.set(Group.objects.filter(name=role.value) if role else [])
    User.objects.filter(pk=user.pk).update(is_staff=role is not None or user.is_superuser)
