"""Spectra sets: shots with their wavelengths, specimens and circumstances."""
from __future__ import annotations  # so that help() shows the hints as they stand here

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
"""What the numbers of `Spectra.screen` mean."""

_first_rows = 256


class Part:
    """One spectra set of the engine: a handle, what it leans on, and a lock, as a handle serves one thread at a time."""

    def __init__(self, handle: ffi.CData, *kept: Any, intensity: np.ndarray | None = None) -> None:
        self.handle = handle
        self.kept = kept
        self.lock = threading.Lock()
        self.intensity = intensity  # the caller's array, where the set is over one
        self.n_shots: int = lib.adamas_spectra_shots(handle)
        self.n_channels: int = lib.adamas_spectra_channels(handle)

    def columns(self, which: int) -> dict[str, np.ndarray]:
        return _engine.columns(lambda place: lib.adamas_spectra_column_at(self.handle, which, place))

    def facts(self) -> dict[str, str]:
        found: dict[str, str] = {}
        while (name := _engine.text(lib.adamas_spectra_fact_at(self.handle, len(found)))) is not None:
            found[name] = _engine.text(lib.adamas_spectra_fact(self.handle, name.encode())) or ""
        return found

    def wavelength(self) -> NDArray[np.float64]:
        return np.frombuffer(ffi.buffer(lib.adamas_spectra_wavelength(self.handle), self.n_channels * 8), np.float64).copy()

    def fill(self, first: int, out: NDArray[np.float32]) -> None:
        """Copies len(out) shots; between blocks, which grow until they take a while, Python sees to its signals."""
        start, size = 0, _first_rows

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
            _engine.bit_by_bit(copy_block)

    def set(self, which: int, name: str, values: Any) -> None:
        array = np.asarray(values)
        if array.ndim != 1:
            raise ValueError(f"column {name!r} has {array.ndim} dimensions, 1 expected")
        if array.dtype.kind in "fiub":
            numbers = np.ascontiguousarray(array, np.float64)
            _engine.call(lib.adamas_spectra_set_numbers, self.handle, which, name.encode(), len(numbers), ffi.from_buffer("double[]", numbers))
        else:
            pointers, _kept = _engine.texts(array.tolist() if array.dtype.kind == "U" else [_as_text(value) for value in array])
            _engine.call(lib.adamas_spectra_set_text, self.handle, which, name.encode(), len(array), pointers)


def _as_text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


class _Joined:
    """The rows of several parts, one after the other, as an array that is read a block at a time."""

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
    """Shots with their wavelength axis and the specimens that they belong to, from files or from arrays; one set or several.

    Made by `adamas.read` or `Spectra.from_array`; several files stay apart for the engine (a report names each), and look like one here.

    Attributes
    ----------
    intensity : ndarray of float32, [n_shots, n_channels]
        Read when it is asked for; the caller's own array where the set was made from one.
    wavelength : ndarray of float64, [n_channels]
        In nm; rising within a detector segment.
    shots, specimens, sources : table
        A row a shot, a specimen, a source file: a pandas DataFrame where pandas is installed, a structured array where it is not.
    facts : dict of str to str
        Of the set as a whole, such as ``"acquisition/gas"``; of several sets those on which they agree.
    segments : ndarray of int
        First channels of the detector segments, ended by n_channels.
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
        """Opens spectra sets in HDF5; the spectra stay in the files and are read when wanted. `adamas.read` is the same.

        Parameters
        ----------
        paths : path-like or sequence of path-like
            One file, or several that are used together.

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
        return cls([Part(_engine.make("spectra", lib.adamas_spectra_read, _engine.path(path))) for path in several])

    @classmethod
    def from_array(cls, intensity: Any, wavelength: ArrayLike, *, specimen: Any = None, origin: Any = None,
                   shots: Any = None, specimens: Any = None, facts: Mapping[str, str] | None = None,
                   segments: ArrayLike | None = None) -> Spectra:
        """A spectra set over an array.

        float32 in C order is lent to the engine, not copied: it must stay as it is while the set is in use. Anything else of two
        dimensions that can be sliced by rows (float64, counts, a dataset of h5py) is converted a block at a time.

        Parameters
        ----------
        intensity : array, [n_shots, n_channels]
            One shot a row.
        wavelength : array of float, [n_channels]
            In nm.
        specimen : array of str, [n_shots], optional
            Which specimen a shot is of; None: each is of its own.
        origin : array of str, [n_shots] or [n_specimens], optional
            Paths from broad to narrow, such as ``"CAR/west/Carnot"``; by shot, or by specimen in order of first appearance.
        shots, specimens : table, optional
            More columns of the two tables: a DataFrame, a structured array or a mapping.
        facts : mapping of str to str, optional
            Of the set as a whole, such as ``{"acquisition/full_scale": "65535"}``.
        segments : array of int, optional
            First channels of the detector segments; None: where the wavelengths step back or leave a gap.

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
        part = _over_array(intensity, np.ascontiguousarray(wavelength, np.float64))
        if segments is not None:
            first = [int(channel) for channel in np.asarray(segments) if channel != part.n_channels]  # `Spectra.segments` ends with it
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
        """Some shots' spectra, copied.

        Parameters
        ----------
        first, n : int
            The shots first ... first + n - 1.

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
            raise IndexError(f"{n} shots from {first} on asked for, of {self.n_shots}")
        self._check_axes()
        return _Joined(self.parts)[first:first + n]

    def blocks(self, size: int = 1024) -> Iterator[NDArray[np.float32]]:
        """Goes over all spectra a block at a time, for files that are larger than memory.

        Parameters
        ----------
        size : int
            Shots at a time.

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
        """A table's columns as plain arrays, whether pandas is installed or not.

        Parameters
        ----------
        name : {"shots", "specimens", "sources"}

        Returns
        -------
        dict of str to ndarray
            Text as objects, numbers as float64; a column that only some of several sets have is "" or NaN in the others.

        Examples
        --------
        >>> import adamas
        >>> list(adamas.make_library().columns("specimens"))
        ['id', 'origin']
        """
        which = {"shots": lib.ADAMAS_SHOTS, "specimens": lib.ADAMAS_SPECIMENS, "sources": lib.ADAMAS_SOURCES}[name]
        return _stacked([part.columns(which) for part in self.parts])

    def screen(self, *, threads: int | None = None, progress: Progress = None) -> NDArray[np.uint8]:
        """Judges each shot as training and classification do.

        Parameters
        ----------
        threads : int, optional
            At most so many; None: all.
        progress : bool or callable, optional
            As in `Model.train`.

        Returns
        -------
        ndarray of uint8, [n_shots]
            0 used, 1 not finite, 2 saturated, 3 outlier: `SHOT_FATES` names them.

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
            _engine.work(lib.adamas_spectra_screen, part.handle, ffi.from_buffer("uint8_t[]", out), threads=threads, progress=progress,
                         parts=[part])
            start += part.n_shots
        return fate

    def write(self, path: Path, *, threads: int | None = None, progress: Progress = None) -> None:
        """Writes a spectra set; the file is whole or it is not there.

        Parameters
        ----------
        path : path-like
            The file. Several sets are joined.
        threads : int, optional
            At most so many; None: all.
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
        _engine.work(lib.adamas_spectra_write, part.handle, _engine.path(path), threads=threads, progress=progress, parts=[part])

    def _check_axes(self) -> None:
        first = self.parts[0].wavelength()
        for part in self.parts[1:]:
            if not np.array_equal(part.wavelength(), first):
                raise ValueError("the sets have different wavelength axes: read them one by one, or put them on one axis by a model")

    def _join(self) -> Spectra:
        self._check_axes()
        return Spectra.from_array(_Joined(self.parts), self.wavelength, shots=self.columns("shots"), specimens=self.columns("specimens"),
                                  facts=self.facts, segments=self.segments)

    def __len__(self) -> int:
        return self.n_shots

    def __repr__(self) -> str:
        return f"<adamas.Spectra: {self.n_shots} shots of {self.n_specimens} specimens, {self.n_channels} channels>"

    def __reduce__(self) -> Any:
        raise TypeError("spectra are not pickled: write() them, or hand over the path or the array")


def _over_array(intensity: Any, wavelength: NDArray[np.float64]) -> Part:
    source = intensity if hasattr(intensity, "shape") and hasattr(intensity, "dtype") and hasattr(intensity, "__getitem__") else np.asarray(intensity)
    if hasattr(source, "iloc"):
        source = source.to_numpy()
    if len(source.shape) != 2:
        raise ValueError(f"intensity has {len(source.shape)} dimensions, 2 expected: [n_shots, n_channels]")
    n_shots, n_channels = source.shape
    if wavelength.shape != (n_channels,):
        raise ValueError(f"wavelength is of shape {wavelength.shape}, ({n_channels},) expected as intensity has {n_channels} channels")
    axis = ffi.from_buffer("double[]", wavelength)
    if isinstance(source, np.ndarray) and source.dtype == np.float32 and source.flags.c_contiguous and n_shots:
        lent = ffi.from_buffer("float[]", source)
        return Part(_engine.make("spectra", lib.adamas_spectra_lend, n_shots, n_channels, lent, axis), lent, source, intensity=source)
    if source.dtype.kind not in "fiub":
        raise ValueError(f"intensity is of {source.dtype}, real numbers expected")
    data = ffi.new_handle(_engine.Rows(source))
    handle = _engine.make("spectra", lib.adamas_spectra_stream, n_shots, n_channels, axis, lib.python_row_reader, data)
    return Part(handle, data, source)


def _by_specimen(part: Part, name: str, values: np.ndarray) -> np.ndarray:
    """A value a specimen; where there is one a shot, a specimen's shots must agree."""
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


def _stacked(tables: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
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
