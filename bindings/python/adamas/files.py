"""Files: spectra sets are read and imported, and any file of Adamas is known by its content."""
from __future__ import annotations  # so that help() shows the hints as they stand here

from collections.abc import Mapping, Sequence
from typing import Any

from adamas import _engine
from adamas._engine import Path, Progress
from adamas._library import ffi, lib
from adamas.spectra import Spectra


read = Spectra.read


def import_text(path: Path, files: Sequence[Path], *, specimen: str | None = None, origin: str | None = None,
                session: str | None = None, shot: str | None = None, table: str | None = None, column: str | None = None,
                interpolate: bool = False, facts: Mapping[str, str] | None = None, progress: Progress = None) -> Spectra:
    """Reads a spectrometer's text files into a spectra set that is written to a file, whole or not at all.

    Parameters
    ----------
    path : path-like
        The spectra set to write.
    files : sequence of path-like
        Wide tables (a row a spectrum) or files of one spectrum each, also gzipped.
    specimen, origin, session, shot : str, optional
        Perl-compatible regular expressions on a file's name; the first group is the value.
    table : str, optional
        A table with a column ``file`` and what is known of each.
    column : str, optional
        The heading of the intensities, where a file has several columns.
    interpolate : bool
        Put files that differ in their axis on the first one's.
    facts : mapping of str to str, optional
        Of the set, such as ``{"acquisition/gas": "argon"}``.
    progress : bool or callable, optional
        As in `Model.train`.

    Returns
    -------
    Spectra
        The file that was written.

    Examples
    --------
    >>> import adamas, pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "oils.csv").write_text("specimen,origin,300.0,300.5,301.0\\na,Greece,1,2,3\\nb,Italy,3,2,1\\n")
    >>> adamas.import_text(folder / "oils.h5", [folder / "oils.csv"])
    <adamas.Spectra: 2 shots of 2 specimens, 3 channels>
    """
    what = ffi.new("adamas_import *")
    what.struct_size = ffi.sizeof("adamas_import")
    names = [ffi.new("char[]", _engine.path(file)) for file in files]
    fact_names, kept_names = _engine.texts(list(facts or {}))
    fact_values, kept_values = _engine.texts([str(value) for value in (facts or {}).values()])
    what.n_files, what.n_facts, what.interpolate = len(names), len(facts or {}), interpolate
    pointers = ffi.new("char *[]", names)
    what.files, what.fact_names, what.fact_values = pointers, fact_names, fact_values
    kept: list[Any] = [kept_names, kept_values]
    for name, value in {"specimen": specimen, "origin": origin, "session": session, "shot": shot, "table": table, "column": column}.items():
        kept.append(_engine.optional(value))
        setattr(what, name, kept[-1])
    _engine.work(lib.adamas_spectra_import, _engine.path(path), what, progress=progress)
    return read(path)


def file_kind(path: Path) -> str:
    """What kind of Adamas file this is, by its content.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    {"spectra", "model"}

    Examples
    --------
    >>> import adamas, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "set.h5")
    >>> adamas.make_library().write(path)
    >>> adamas.file_kind(path)
    'spectra'
    """
    kind = ffi.new("int32_t *")
    _engine.call(lib.adamas_file_kind, kind, _engine.path(path))
    return {lib.ADAMAS_FILE_SPECTRA: "spectra", lib.ADAMAS_FILE_MODEL: "model"}[kind[0]]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, as it stands in reports.

    Parameters
    ----------
    path : path-like
        The file.

    Returns
    -------
    str
        64 hexadecimal digits.

    Examples
    --------
    >>> import adamas, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "empty")
    >>> path.touch()
    >>> adamas.file_sha256(path)[:16]
    'e3b0c44298fc1c14'
    """
    digest = ffi.new("char[65]")
    _engine.call(lib.adamas_file_sha256, digest, _engine.path(path))
    return ffi.string(digest).decode()
