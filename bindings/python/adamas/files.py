"""Files: reading and importing spectra sets, the kind of a file and its SHA-256."""
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
    """Import text files of a spectrometer into a spectra set, which is written to a file.

    If the import fails, no file is left.

    Parameters
    ----------
    path : path-like
        The file to write.
    files : sequence of path-like
        Wide tables (one spectrum per row) or files of one spectrum each. They may be compressed by gzip.
    specimen, origin, session, shot : str, optional
        Perl-compatible regular expressions that are matched against the name of each file. The first group is the
        value.
    table : str, optional
        A table with a column ``file``; its other columns describe the specimen and the shot of each file.
    column : str, optional
        The heading of the column of intensities, if a file has several columns.
    interpolate : bool
        If True, interpolate files with other wavelengths to the axis of the first file.
    facts : mapping of str to str, optional
        Facts of the spectra set, such as ``{"acquisition/gas": "argon"}``.
    progress : bool or callable, optional
        As in `Model.train`.

    Returns
    -------
    Spectra
        The spectra set that was written.

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
    names = [ffi.new("char[]", _engine.path_bytes(file)) for file in files]
    fact_names, kept_names = _engine.string_array(list(facts or {}))
    fact_values, kept_values = _engine.string_array([str(value) for value in (facts or {}).values()])
    what.n_files, what.n_facts, what.interpolate = len(names), len(facts or {}), interpolate
    pointers = ffi.new("char *[]", names)
    what.files, what.fact_names, what.fact_values = pointers, fact_names, fact_values
    kept: list[Any] = [kept_names, kept_values]
    for name, value in {"specimen": specimen, "origin": origin, "session": session, "shot": shot, "table": table, "column": column}.items():
        kept.append(_engine.optional_string(value))
        setattr(what, name, kept[-1])
    _engine.run(lib.adamas_spectra_import, _engine.path_bytes(path), what, progress=progress)
    return read(path)


def file_kind(path: Path) -> str:
    """The kind of a file written by Adamas, by its content.

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
    _engine.call(lib.adamas_file_kind, kind, _engine.path_bytes(path))
    return {lib.ADAMAS_FILE_SPECTRA: "spectra", lib.ADAMAS_FILE_MODEL: "model"}[kind[0]]


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file, as given in reports.

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
    _engine.call(lib.adamas_file_sha256, digest, _engine.path_bytes(path))
    return ffi.string(digest).decode()
