"""A bundle as somebody brings it, a folder or a zip: opened without trusting a byte of it."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from django.utils.translation import gettext as _

from inference.bundle import MANIFEST, WEIGHTS, Bundle, BundleError, read_manifest, verify
from journal.registry.refusal import VersionRefused

LARGEST_MANIFEST: Final = 256 * 1024
LARGEST_WEIGHTS: Final = 64 * 1024 * 1024
MOST_FILES: Final = 8
LIMITS: Final = {MANIFEST: LARGEST_MANIFEST, WEIGHTS: LARGEST_WEIGHTS}
# What every tool that makes zips can do; the readers of the others let errors of many kinds out.
COMPRESSIONS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What Python's pickle and PyTorch's own files begin with or are called: opening one runs its author's code.
PICKLES: Final = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")
PICKLE_NAMES: Final = (".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".npy", ".joblib")


@dataclass(frozen=True)
class Parcel:
    """The two files of a bundle, checked on their own and against each other."""

    bundle: Bundle
    weights: bytes


def open_folder(folder: Path) -> Parcel:
    """Open a bundle's folder. Raises ``VersionRefused``."""
    return _checked(*(_file(folder / name, limit) for name, limit in LIMITS.items()))


def open_zip(data: bytes) -> Parcel:
    """Open a bundle's zip: the two files, at its top or together in one folder. Raises ``VersionRefused``."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _named([entry for entry in archive.infolist() if not entry.is_dir()])
            return _checked(*(_unpacked(archive, files[name], limit) for name, limit in LIMITS.items()))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, IndexError) as error:
        raise VersionRefused(
            "not_a_zip", _("That isn't a zip that can be opened, or it didn't arrive whole.")
        ) from error


def _file(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return _within(file.read(limit + 1), path.name, limit)
    except OSError as error:
        raise VersionRefused("file_missing", _missing(path.name)) from error


def _named(entries: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The bundle's two entries by name; anything else in the zip is a reason to refuse it whole."""
    if len(entries) > MOST_FILES:
        raise VersionRefused("too_many_files", _("The zip holds more files than a bundle has: two."))
    files: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for entry in entries:
        path = PurePosixPath(entry.filename)
        _check_entry(entry, path)
        if path.name not in LIMITS or path.name in files:
            raise VersionRefused(
                "foreign_file",
                _("The zip holds %(name)s; a bundle is %(manifest)s and %(weights)s, once each, and nothing else.")
                % {"name": path.name[:80], "manifest": MANIFEST, "weights": WEIGHTS},
            )
        files[path.name] = entry
        folders.add(path.parent)
    if absent := [name for name in LIMITS if name not in files]:
        raise VersionRefused("file_missing", _missing(absent[0]))
    if len(folders) > 1:
        raise VersionRefused("scattered", _("The two files of the bundle lie in different folders of the zip."))
    return files


def _check_entry(entry: zipfile.ZipInfo, path: PurePosixPath) -> None:
    name = entry.orig_filename
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise VersionRefused(
            "unsafe_path",
            _("The zip names a place outside itself (%(name)s), so it isn't opened.") % {"name": name[:80]},
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise VersionRefused("unsafe_path", _("The zip holds a link to another place, so it isn't opened."))
    if entry.flag_bits & 1:
        raise VersionRefused("locked", _("The zip is locked with a password. An open one will do."))
    if entry.compress_type not in COMPRESSIONS:
        raise VersionRefused("odd_compression", _("The zip is packed in a way that zips for bundles aren't."))
    if path.suffix.lower() in PICKLE_NAMES:
        raise VersionRefused("pickle", _pickle(path.name))


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    name = PurePosixPath(entry.filename).name
    if entry.file_size > limit:
        raise VersionRefused("too_large", _too_large(name, limit))
    with archive.open(entry) as file:
        # What an entry says of its own size is only a claim.
        return _within(file.read(limit + 1), name, limit)


def _within(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        raise VersionRefused("too_large", _too_large(name, limit))
    return data


def _checked(manifest: bytes, weights: bytes) -> Parcel:
    if weights.startswith(PICKLES):
        raise VersionRefused("pickle", _pickle(WEIGHTS))
    try:
        return Parcel(verify(read_manifest(manifest), weights), weights)
    except BundleError as error:
        raise VersionRefused("bad_bundle", str(error)) from error


def _missing(name: str) -> str:
    return _("The bundle has no %(name)s, or it can't be read.") % {"name": name}


def _too_large(name: str, limit: int) -> str:
    return _("%(name)s is larger than %(limit)s MB once it is unpacked, which no bundle for this program is.") % {
        "name": name,
        "limit": f"{limit / 2**20:g}",
    }


def _pickle(name: str) -> str:
    return _(
        "%(name)s looks like a pickle, which could run anything when it is opened. Only safetensors are taken."
    ) % {"name": name[:80]}
