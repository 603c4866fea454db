"""Spectra sets: shots with their wavelengths, their specimens and the conditions of their measurement."""
from __future__ import annotations  # so that help() shows the type hints as written

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from adamas import _engine
from adamas._engine import Path, Progress
from adamas._library import ffi, lib
from adamas.tables import Table, columns_of, table

SHOT_FATES = ("used", "not finite", "saturated", "outlier")
"""Names of the values of `Spectra.screen`."""

_first_block_rows = 256


class Part:
    """One spectra set: its handle, the objects that the handle refers to, and a lock, as only one thread may use it."""

    def __init__(self, handle: ffi.CData, *kept: Any, intensity: np.ndarray | None = None) -> None:
        self.handle = handle
        self.kept = kept
        self.lock = threading.Lock()
        self.intensity = intensity  # the array of the caller, if the set refers to one
        self.n_shots: int = lib.adamas_spectra_shots(handle)
        self.n_channels: int = lib.adamas_spectra_channels(handle)

    def columns(self, which: int) -> dict[str, np.ndarray]:
        return _engine.columns(lambda place: lib.adamas_spectra_column_at(self.handle, which, place))

    def facts(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while (name := _engine.string(lib.adamas_spectra_fact_at(self.handle, len(found)))) is not None:
            found[name] = _engine.string(lib.adamas_spectra_fact(self.handle, name.encode())) or ""
        return found

    def wavelength(self) -> NDArray[np.float64]:
        return np.frombuffer(ffi.buffer(lib.adamas_spectra_wavelength(self.handle), self.n_channels * 8), np.float64).copy()

    def fill(self, first: int, out: NDArray[np.float32]) -> None:
        """Copy len(out) shots in blocks, which grow until one takes 0.1 s. Python handles signals between blocks."""
        start, size = 0, _first_block_rows

        def copy_block() -> bool:
            nonlocal start, size
            block = out[start:start + size]
            began = time.monotonic()
            with self.lock:
                _engine.call(lib.adamas_spectra_rows, self.handle, first + start, len(block), ffi.cast("float *", ffi.from_buffer(block)))
            start += len(block)
            if time.monotonic() - began < 0.1:
                size *= 2
            return start == len(out)

        if len(out):
            _engine.run_in_blocks(copy_block)

    def set(self, which: int, name: str, values: Any) -> None:
        """Set a column of a table."""
        array = np.asarray(values)
        if array.ndim != 1:
            raise ValueError(f"column {name!r} has {array.ndim} dimensions, 1 expected")
        if array.dtype.kind in "fiub":
            numbers = np.ascontiguousarray(array, np.float64)
            _engine.call(lib.adamas_spectra_set_numbers, self.handle, which, name.encode(), len(numbers), ffi.from_buffer("double[]", numbers))
        else:
            pointers, _kept = _engine.string_array(array.tolist() if array.dtype.kind == "U" else [_as_text(value) for value in array])
            _engine.call(lib.adamas_spectra_set_text, self.handle, which, name.encode(), len(array), pointers)


def _as_text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


class _JoinedRows:
    """The concatenated rows of several parts, as an array that can be sliced by rows."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts
        self.starts = np.cumsum([0, *(part.n_shots for part in parts)])
        self.shape = (int(self.starts[-1]), parts[0].n_channels)
        self.dtype = np.dtype(np.float32)

    def __getitem__(self, rows: slice) -> NDArray[np.float32]:
        out = np.empty((rows.stop - rows.start, self.shape[1]), np.float32)
        for part, start in zip(self.parts, self.starts):
            low, high = max(rows.start, start), min(rows.stop, start + part.n_shots)
            if low < high:
                part.fill(int(low - start), out[low - rows.start:high - rows.start])
        return out


class Spectra:
    """Shots with their wavelength axis and their specimens, from files or from arrays.

    Made by `adamas.read` or `Spectra.from_array`. Several files are used as one set. Reports name each of them.

    Attributes
    ----------
    intensity : ndarray of float32, [n_shots, n_channels]
        Read from the file at each access; the array of the caller, if the set refers to one.
    wavelength : ndarray of float64, [n_channels]
        In nm, increasing within each detector segment.
    shots, specimens, sources : table
        One row per shot, specimen and source file: pandas DataFrames if pandas is installed, else structured arrays.
    facts : dict of str to str
        Facts of the set, such as ``"acquisition/gas"``. Of several sets: the facts that are equal in all of them.
    segments : ndarray of int
        The first channel of each detector segment, followed by n_channels.
    n_shots, n_channels : int

    Examples
    --------
    >>> import adamas
    >>> lib = adamas.make_library()
    >>> lib
    <adamas.Spectra: 135 shots of 45 specimens, 200 channels>
    >>> lib.specimens["origin"][0]
    'A/west'
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.n_shots = sum(part.n_shots for part in self.parts)
        self.n_channels = self.parts[0].n_channels

    @classmethod
    def read(cls, paths: Path | Sequence[Path]) -> Spectra:
        """Open spectra sets in HDF5 files. Spectra are read when they are needed. `adamas.read` is the same function.

        Parameters
        ----------
        paths : path-like or sequence of path-like
            One file, or several that are used as one set.

        Returns
        -------
        Spectra

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "set.h5")
        >>> adamas.make_library().write(path)
        >>> adamas.Spectra.read(path)
        <adamas.Spectra: 135 shots of 45 specimens, 200 channels>
        """
        several = [paths] if isinstance(paths, (str, bytes, os.PathLike)) else list(paths)
        if not several:
            raise ValueError("no file to read, at least 1 expected")
        return cls([Part(_engine.create("spectra", lib.adamas_spectra_read, _engine.path_bytes(path))) for path in several])

    @classmethod
    def from_array(cls, intensity: Any, wavelength: ArrayLike, *, specimen: Any = None, origin: Any = None,
                   shots: Any = None, specimens: Any = None, facts: Mapping[str, str] | None = None,
                   segments: ArrayLike | None = None) -> Spectra:
        """Make a spectra set of an array.

        An array of float32 in C order is not copied: it must not change while the set is in use. Any other
        two-dimensional array that can be sliced by rows (float64, integers, a dataset of h5py) is converted in blocks
        when its rows are read.

        Parameters
        ----------
        intensity : array, [n_shots, n_channels]
            One shot per row.
        wavelength : array of float, [n_channels]
            In nm.
        specimen : array of str, [n_shots], optional
            The specimen of each shot. None: each shot is a specimen of its own.
        origin : array of str, [n_shots] or [n_specimens], optional
            The origin of each shot, or of each specimen in order of first appearance: a path from broad to narrow, such
            as ``"CAR/west/Carnot"``.
        shots, specimens : table, optional
            Other columns of the two tables: a DataFrame, a structured array or a mapping.
        facts : mapping of str to str, optional
            Facts of the set, such as ``{"acquisition/full_scale": "65535"}``.
        segments : array of int, optional
            The first channel of each detector segment. None: segments begin at decreases and gaps of the wavelengths.

        Returns
        -------
        Spectra

        Examples
        --------
        >>> import adamas, numpy
        >>> X = numpy.ones((4, 3), numpy.float32)
        >>> lent = adamas.Spectra.from_array(X, [300, 301, 302], specimen=["a", "a", "b", "b"], origin=["CAR", "DRC"])
        >>> lent.intensity is X, list(lent.specimens["id"])
        (True, ['a', 'b'])
        """
        part = _part_of_array(intensity, np.ascontiguousarray(wavelength, np.float64))
        if segments is not None:
            first = [int(channel) for channel in np.asarray(segments) if channel != part.n_channels]  # `Spectra.segments` ends in n_channels
            _engine.call(lib.adamas_spectra_set_segments, part.handle, len(first), first)
        more = columns_of(shots) if shots is not None else {}
        if specimen is None:
            specimen = more.pop("specimen", None)
        names = list(map(str, range(1, part.n_shots + 1))) if specimen is None else specimen
        part.set(lib.ADAMAS_SHOTS, "specimen", np.asarray(names).astype(str))
        for name, values in more.items():
            if name != "specimen":
                part.set(lib.ADAMAS_SHOTS, name, values)
        described = {name: values for name, values in (columns_of(specimens) if specimens is not None else {}).items() if name != "id"}
        if origin is not None:
            described["origin"] = np.asarray(origin, object)
        for name, values in described.items():
            part.set(lib.ADAMAS_SPECIMENS, name, _by_specimen(part, name, values))
        for name, value in (facts or {}).items():
            _engine.call(lib.adamas_spectra_set_fact, part.handle, name.encode(), str(value).encode())
        return cls([part])

    @property
    def intensity(self) -> NDArray[np.float32]:
        if len(self.parts) == 1 and self.parts[0].intensity is not None:
            return self.parts[0].intensity
        return self.rows(0, self.n_shots)

    def rows(self, first: int, n: int) -> NDArray[np.float32]:
        """Read the spectra of some shots.

        Parameters
        ----------
        first, n : int
            Read n shots, starting at shot `first` (from 0).

        Returns
        -------
        ndarray of float32, [n, n_channels]

        Examples
        --------
        >>> import adamas
        >>> adamas.make_library().rows(10, 3).shape
        (3, 200)
        """
        if not 0 <= first <= first + n <= self.n_shots:
            raise IndexError(f"{n} shots from shot {first} requested, of {self.n_shots}")
        self._check_axes()
        return _JoinedRows(self.parts)[first:first + n]

    def blocks(self, size: int = 1024) -> Iterator[NDArray[np.float32]]:
        """Iterate over all spectra in blocks, for files that are larger than memory.

        Parameters
        ----------
        size : int
            Number of shots of a block.

        Yields
        ------
        ndarray of float32, [at most size, n_channels]

        Examples
        --------
        >>> import adamas
        >>> sum(len(block) for block in adamas.make_library().blocks(50))
        135
        """
        for first in range(0, self.n_shots, size):
            yield self.rows(first, min(size, self.n_shots - first))

    @property
    def wavelength(self) -> NDArray[np.float64]:
        return self.parts[0].wavelength()

    @property
    def segments(self) -> NDArray[np.intp]:
        first = ffi.new("size_t **")
        n = lib.adamas_spectra_segments(self.parts[0].handle, first)
        return np.array(ffi.unpack(first[0], n + 1), np.intp)

    @property
    def facts(self) -> dict[str, str]:
        first, *others = [part.facts() for part in self.parts]
        return {name: value for name, value in first.items() if all(other.get(name) == value for other in others)}

    @property
    def shots(self) -> Table:
        return table(self.columns("shots"))

    @property
    def specimens(self) -> Table:
        return table(self.columns("specimens"))

    @property
    def sources(self) -> Table:
        return table(self.columns("sources"))

    @property
    def n_specimens(self) -> int:
        return sum(lib.adamas_spectra_specimens(part.handle) for part in self.parts)

    def columns(self, name: str) -> dict[str, np.ndarray]:
        """The columns of a table as arrays, also if pandas is installed.

        Parameters
        ----------
        name : {"shots", "specimens", "sources"}

        Returns
        -------
        dict of str to ndarray
            Arrays of str objects or of float64. A column that only some of several sets have is "" or NaN in the
            others.

        Examples
        --------
        >>> import adamas
        >>> list(adamas.make_library().columns("specimens"))
        ['id', 'origin']
        """
        which = {"shots": lib.ADAMAS_SHOTS, "specimens": lib.ADAMAS_SPECIMENS, "sources": lib.ADAMAS_SOURCES}[name]
        return _concatenate([part.columns(which) for part in self.parts])

    def screen(self, *, threads: int | None = None, progress: Progress = None) -> NDArray[np.uint8]:
        """Screen the shots as training and classification do.

        Parameters
        ----------
        threads : int, optional
            Maximum number of threads. None: all processors.
        progress : bool or callable, optional
            As in `Model.train`.

        Returns
        -------
        ndarray of uint8, [n_shots]
            0: used, 1: not finite, 2: saturated, 3: outlier. `SHOT_FATES` gives these names.

        Examples
        --------
        >>> import adamas, numpy
        >>> X = adamas.make_library().intensity
        >>> X[0, 5] = numpy.nan
        >>> fate = adamas.Spectra.from_array(X, numpy.arange(300, 500)).screen()
        >>> adamas.SHOT_FATES[fate[0]]
        'not finite'
        """
        fate = np.empty(self.n_shots, np.uint8)
        start = 0
        for part in self.parts:
            out = fate[start:start + part.n_shots]
            _engine.run(lib.adamas_spectra_screen, part.handle, ffi.from_buffer("uint8_t[]", out), threads=threads, progress=progress,
                         parts=[part])
            start += part.n_shots
        return fate

    def write(self, path: Path, *, threads: int | None = None, progress: Progress = None) -> None:
        """Write the spectra set. If writing fails, no file is left.

        Parameters
        ----------
        path : path-like
            The file to write. Several sets are written as one.
        threads : int, optional
            Maximum number of threads. None: all processors.
        progress : bool or callable, optional
            As in `Model.train`.

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "set.h5")
        >>> adamas.make_library().write(path)
        >>> adamas.file_kind(path)
        'spectra'
        """
        part = self.parts[0] if len(self.parts) == 1 else self._join().parts[0]
        _engine.run(lib.adamas_spectra_write, part.handle, _engine.path_bytes(path), threads=threads, progress=progress, parts=[part])

    def _check_axes(self) -> None:
        first = self.parts[0].wavelength()
        for part in self.parts[1:]:
            if not np.array_equal(part.wavelength(), first):
                raise ValueError("the sets have different wavelength axes: read them one by one, or use a model to put them on one axis")

    def _join(self) -> Spectra:
        self._check_axes()
        return Spectra.from_array(_JoinedRows(self.parts), self.wavelength, shots=self.columns("shots"), specimens=self.columns("specimens"),
                                  facts=self.facts, segments=self.segments)

    def __len__(self) -> int:
        return self.n_shots

    def __repr__(self) -> str:
        return f"<adamas.Spectra: {self.n_shots} shots of {self.n_specimens} specimens, {self.n_channels} channels>"

    def __reduce__(self) -> Any:
        raise TypeError("spectra cannot be pickled: write() them, or pass the path or the array")


def _part_of_array(intensity: Any, wavelength: NDArray[np.float64]) -> Part:
    source = intensity if hasattr(intensity, "shape") and hasattr(intensity, "dtype") and hasattr(intensity, "__getitem__") else np.asarray(intensity)
    if hasattr(source, "iloc"):
        source = source.to_numpy()
    if len(source.shape) != 2:
        raise ValueError(f"intensity has {len(source.shape)} dimensions, 2 expected: [n_shots, n_channels]")
    n_shots, n_channels = source.shape
    if wavelength.shape != (n_channels,):
        raise ValueError(f"wavelength is of shape {wavelength.shape}, ({n_channels},) expected, as intensity has {n_channels} channels")
    axis = ffi.from_buffer("double[]", wavelength)
    if isinstance(source, np.ndarray) and source.dtype == np.float32 and source.flags.c_contiguous and n_shots:
        lent = ffi.from_buffer("float[]", source)
        return Part(_engine.create("spectra", lib.adamas_spectra_lend, n_shots, n_channels, lent, axis), lent, source, intensity=source)
    if source.dtype.kind not in "fiub":
        raise ValueError(f"intensity is of dtype {source.dtype}, real numbers expected")
    data = ffi.new_handle(_engine.RowSource(source))
    handle = _engine.create("spectra", lib.adamas_spectra_stream, n_shots, n_channels, axis, lib.python_row_reader, data)
    return Part(handle, data, source)


def _by_specimen(part: Part, name: str, values: np.ndarray) -> np.ndarray:
    """One value per specimen of values per specimen or per shot; the shots of a specimen must have the same value."""
    n_specimens = lib.adamas_spectra_specimens(part.handle)
    if len(values) == n_specimens or len(values) != part.n_shots:
        return values
    specimen = part.columns(lib.ADAMAS_SHOTS)["specimen"]
    _, first, of = np.unique(specimen.astype(str), return_index=True, return_inverse=True)
    differs = np.flatnonzero(values != values[first[of]])
    differs = differs[[not (_as_text(values[i]) == _as_text(values[first[of[i]]]) == "") for i in differs]]
    if len(differs):
        at = differs[0]
        raise ValueError(f"{name} of specimen {specimen[at]!r} is {values[at]!r} at shot {at + 1}, but {values[first[of[at]]]!r} before")
    return values[np.sort(first)]


def _concatenate(tables: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Concatenate tables by column; a column that a table lacks is "" or NaN in its rows."""
    if len(tables) == 1:
        return tables[0]
    names = dict.fromkeys(name for columns in tables for name in columns)
    out: dict[str, np.ndarray] = {}
    for name in names:
        of_text = next(columns[name].dtype == object for columns in tables if name in columns)
        parts = []
        for columns in tables:
            rows = len(next(iter(columns.values()))) if columns else 0
            parts.append(columns.get(name, np.full(rows, "" if of_text else np.nan, object if of_text else np.float64)))
        out[name] = np.concatenate(parts)
    return out
