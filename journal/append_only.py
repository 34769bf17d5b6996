"""Rows that are written once: a later decision is a new row, never a changed one."""

from __future__ import annotations

from typing import Any, Never, TypeVar

from django.db import models

_Row = TypeVar("_Row", bound=models.Model)


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row that is there as evidence."""


class AppendOnlyQuerySet(models.QuerySet[_Row]):
    """Reads and adds. Erasing a person still cascades, for Django's collector doesn't come through here."""

    def update(self, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> Never:
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted one by one.")


class AppendOnly(models.Model):
    """A row that can be added, and after that only read."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        # Without this, a new object that carries an old row's id would become an UPDATE.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted one by one.")
