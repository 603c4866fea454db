"""Models: a method fitted to libraries."""
from __future__ import annotations  # so that help() shows the type hints as written

import os
import pathlib
import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adamas import _engine
from adamas._engine import Path, Progress
from adamas._library import ffi, lib
from adamas.method import Method
from adamas.report import Report
from adamas.spectra import Part, Spectra
from adamas.tables import Table, table

_answers = {"parcel": lib.ADAMAS_ANSWER_PARCEL, "specimens": lib.ADAMAS_ANSWER_SPECIMENS, "densities": lib.ADAMAS_ANSWER_DENSITIES}
_leave = {"folds": lib.ADAMAS_LEAVE_FOLDS, "specimen": lib.ADAMAS_LEAVE_SPECIMEN, "locality": lib.ADAMAS_LEAVE_LOCALITY,
          "session": lib.ADAMAS_LEAVE_SESSION, "parcel": lib.ADAMAS_LEAVE_PARCEL, "auto": lib.ADAMAS_LEAVE_AUTO,
          "locality-session": lib.ADAMAS_LEAVE_LOCALITY_SESSION}

Sets = Spectra | Path | Sequence[Spectra | Path]


def as_spectra(sets: Sets) -> Spectra:
    """Convert paths and sequences of spectra sets to one Spectra.

    Parameters
    ----------
    sets : Spectra, path-like, or a sequence of these

    Returns
    -------
    Spectra

    Examples
    --------
    >>> import adamas
    >>> lib = adamas.make_library()
    >>> adamas.model.as_spectra(lib) is lib
    True
    """
    if isinstance(sets, Spectra):
        return sets
    if isinstance(sets, (str, bytes, os.PathLike)):
        return Spectra.read(sets)
    return Spectra([part for one in sets for part in as_spectra(one).parts]) if len(sets) else Spectra.read([])


def _as_one_set(sets: Sets) -> Spectra:
    spectra = as_spectra(sets)
    return spectra if len(spectra.parts) == 1 else spectra._join()


def _libraries(spectra: Spectra) -> tuple[ffi.CData, int]:
    return ffi.new("adamas_spectra *[]", [part.handle for part in spectra.parts]), len(spectra.parts)


class Model:
    """A method fitted to libraries, made by `Model.train` or `Model.read`.

    A model is immutable and can be used by several threads at once.

    Attributes
    ----------
    method : Method
        The method that was fitted.
    wavelength : ndarray of float64
        The axis after preprocessing, in nm.
    origins, libraries : table
        One row per origin (origin, specimens, shots); one row per library file (file, sha256).
    facts : dict of str to str
        The facts of the model: method, method_canonical, engine, level, components, components_chosen, epo_directions,
        axis/medium, synthetic.

    Examples
    --------
    >>> import adamas
    >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
    >>> list(model.origins["origin"])
    ['A', 'B', 'C']
    """

    def __init__(self, handle: ffi.CData) -> None:
        self._handle = handle

    @classmethod
    def train(cls, method: str | Method | None, libraries: Sets, *, level: int = 1, seed: int = 1, threads: int | None = None,
              progress: Progress = None) -> Model:
        """Fit a method to libraries.

        Parameters
        ----------
        method : str, Method or None
            The method. None: the default method.
        libraries : Spectra, path-like, or a sequence of these
            Spectra of specimens of known origin. A method without a matching step also takes specimens without origins.
        level : int
            The classes are the first `level` parts of the paths of the origins.
        seed : int
            Seed of the random numbers.
        threads : int, optional
            Maximum number of threads. None: all processors. The result does not depend on it.
        progress : bool or callable, optional
            None: a progress bar, if tqdm is installed and the output is a terminal or a notebook. True: a bar, if tqdm
            is installed. False: no bar. A function is called with (stage, done, total); total is 0 if it is not known.
            It cancels the call if it returns a true value.

        Returns
        -------
        Model

        Examples
        --------
        >>> import adamas
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        <adamas.Model: snv | pca(3) | twolevel, on 200 channels>
        """
        spectra = as_spectra(libraries)
        parsed = method if isinstance(method, Method) else Method(method)
        pointers, n = _libraries(spectra)
        out = ffi.new("adamas_model **")
        _engine.run(lib.adamas_model_train, out, parsed._handle, pointers, n, level, seed=seed, threads=threads, progress=progress, parts=spectra.parts)
        return cls(_engine.own("model", out[0]))

    @classmethod
    def read(cls, path: Path) -> Model:
        """Read a model that was written from Python or by the command.

        Parameters
        ----------
        path : path-like
            The file to read.

        Returns
        -------
        Model

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "model.h5")
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).write(path)
        >>> adamas.Model.read(path)
        <adamas.Model: snv | pca(3) | twolevel, on 200 channels>
        """
        return cls(_engine.create("model", lib.adamas_model_read, _engine.path_bytes(path)))

    def write(self, path: Path) -> None:
        """Write the model. If writing fails, no file is left.

        Parameters
        ----------
        path : path-like
            The file to write.

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "model.h5")
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).write(path)
        >>> adamas.file_kind(path)
        'model'
        """
        _engine.call(lib.adamas_model_write, self._handle, _engine.path_bytes(path))

    def to_bytes(self) -> bytes:
        """The content of the model's file, which pickling uses.

        Returns
        -------
        bytes

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> adamas.Model.from_bytes(model.to_bytes()).to_bytes() == model.to_bytes()
        True
        """
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.h5")
            self.write(path)
            return path.read_bytes()

    @classmethod
    def from_bytes(cls, content: bytes) -> Model:
        """Make a model of the result of `to_bytes`.

        Parameters
        ----------
        content : bytes
            The content of a file written by `write`.

        Returns
        -------
        Model

        Examples
        --------
        >>> import adamas
        >>> content = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).to_bytes()
        >>> adamas.Model.from_bytes(content)
        <adamas.Model: snv | pca(3) | twolevel, on 200 channels>
        """
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "model.h5")
            path.write_bytes(content)
            return cls.read(path)

    def __reduce__(self) -> Any:
        return Model.from_bytes, (self.to_bytes(),)

    def __copy__(self) -> Model:
        return self

    def __deepcopy__(self, memo: Any) -> Model:
        return self

    def fact(self, name: str) -> str | None:
        """A fact of the model by its name.

        Parameters
        ----------
        name : str
            Name of the fact, such as ``"components"``.

        Returns
        -------
        str or None

        Examples
        --------
        >>> import adamas
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).fact("components")
        '3'
        """
        return _engine.string(lib.adamas_model_fact(self._handle, name.encode()))

    @property
    def facts(self) -> dict[str, str]:
        names = ("method", "method_canonical", "engine", "level", "components", "components_chosen", "epo_directions",
                 "axis/medium", "synthetic")
        return {name: value for name in names if (value := self.fact(name)) is not None}

    @property
    def method(self) -> Method:
        return Method(self.fact("method"))

    @property
    def wavelength(self) -> NDArray[np.float64]:
        n = ffi.new("size_t *")
        nm = lib.adamas_model_wavelength(self._handle, n)
        return np.frombuffer(ffi.buffer(nm, n[0] * 8), np.float64).copy()

    def _columns(self, which: int, names: Sequence[str]) -> dict[str, np.ndarray]:
        found = {name: lib.adamas_model_column(self._handle, which, name.encode()) for name in names}
        return {name: _engine.values(column) for name, column in found.items() if column != ffi.NULL}

    @property
    def origins(self) -> Table:
        return table(self._columns(lib.ADAMAS_ORIGINS, ("origin", "specimens", "shots")))

    @property
    def libraries(self) -> Table:
        return table(self._columns(lib.ADAMAS_SOURCES, ("file", "sha256")))

    def preprocess(self, spectra: Sets, *, threads: int | None = None) -> Spectra:
        """Preprocess spectra by the method. The result is computed when it is read.

        Parameters
        ----------
        spectra : Spectra, path-like, or a sequence of these
            Raw spectra, on any wavelength axis that covers that of the model.
        threads : int, optional
            Maximum number of threads. None: all processors.

        Returns
        -------
        Spectra
            Spectra on the axis of the model. A shot that cannot be used is NaN.

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library()
        >>> adamas.Model.train("snip(20) | snv", lib).preprocess(lib)
        <adamas.Spectra: 135 shots of 45 specimens, 200 channels>
        """
        given = as_spectra(spectra)
        made = []
        for part in given.parts:
            out = ffi.new("adamas_spectra **")
            _engine.run(lib.adamas_model_preprocess, out, self._handle, part.handle, threads=threads, parts=[part])
            made.append(Part(_engine.own("spectra", out[0]), self, part))
            made[-1].lock = part.lock  # reading its rows reads those of the other set
        return Spectra(made)

    def classify(self, parcel: Sets, declared: str | None = None, *, epsilon: float = 0.05, stones: int = 0, answer: str = "parcel",
                 seed: int = 1, threads: int | None = None, progress: Progress = None) -> Report:
        """Classify the specimens of a parcel and evaluate the evidence.

        Parameters
        ----------
        parcel : Spectra, path-like, or a sequence of these
            The spectra of the specimens of the parcel.
        declared : str, optional
            The declared origin. None: the one that the file states. "": none.
        epsilon : float
            An origin is rejected if the typicality p-value of the specimen is at most epsilon.
        stones : int
            Number of specimens of the whole parcel, if only some were measured. 0: the number that the file states,
            else the number measured.
        answer : {"parcel", "specimens", "densities"}
            What the report contains. "parcel": the evidence of each specimen and of the parcel; "specimens": that of
            each specimen; "densities": only log densities and probabilities, which are not evidence.
        seed : int
            Seed of the random numbers.
        threads : int, optional
            Maximum number of threads. None: all processors.
        progress : bool or callable, optional
            As in `Model.train`.

        Returns
        -------
        Report

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> parcel = adamas.make_library(["A"], localities=["north"], seed=2)
        >>> report = model.classify(parcel, declared="A")
        >>> report.shares["mean"][0] > 0.9
        True
        """
        if answer not in _answers:
            raise ValueError(f"answer is {answer!r}, one of {', '.join(_answers)} expected")
        part = _as_one_set(parcel).parts[0]
        question = ffi.new("adamas_question *", lib.adamas_question_init)
        kept = _engine.optional_string(declared)
        question.declared, question.epsilon, question.stones = kept, epsilon, _engine.check_not_negative("stones", stones)
        question.answer = _answers[answer]
        out = ffi.new("adamas_report **")
        _engine.run(lib.adamas_model_classify, out, self._handle, part.handle, question, seed=seed, threads=threads, progress=progress,
                     parts=[part])
        return Report(_engine.own("report", out[0]))

    def plan(self, parcel: int, *, share: float = 0.05, confidence: float = 0.95, declared: str | None = None, seed: int = 1,
             threads: int | None = None, progress: Progress = None) -> Report:
        """The number of specimens of a parcel that must be measured to detect a share of foreign specimens.

        It takes some minutes.

        Parameters
        ----------
        parcel : int
            Number of specimens of the parcel.
        share : float
            The share of foreign specimens to detect.
        confidence : float
            The probability with which it is to be detected.
        declared : str, optional
            The declared origin. None: the origin that needs the most specimens.
        seed : int
            Seed of the random numbers.
        threads : int, optional
            Maximum number of threads. None: all processors.
        progress : bool or callable, optional
            As in `Model.train`.

        Returns
        -------
        Report
            Its ``number("plan/stones")`` is NaN if no number of specimens is enough.

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> model.plan(20, share=0.5).number("plan/stones") < 20
        True
        """
        plan = ffi.new("adamas_plan *", lib.adamas_plan_init)
        kept = _engine.optional_string(declared)
        plan.parcel, plan.share, plan.confidence, plan.declared = _engine.check_not_negative("parcel", parcel), share, confidence, kept
        out = ffi.new("adamas_report **")
        _engine.run(lib.adamas_model_plan, out, self._handle, plan, seed=seed, threads=threads, progress=progress)
        return Report(_engine.own("report", out[0]))

    def principal_components(self) -> dict[str, np.ndarray]:
        """The fitted principal components.

        Returns
        -------
        dict of str to ndarray
            Arrays: mean [n_channels], components [n_components, n_channels], explained_variance and
            explained_variance_ratio [n_components].

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> model.principal_components()["components"].shape
        (3, 200)
        """
        found = ffi.new("adamas_components *")
        found.struct_size = ffi.sizeof("adamas_components")
        _engine.call(lib.adamas_model_components, found, self._handle)
        n, channels = found.n_components, found.n_channels

        def copied(values, count, kind):
            return np.frombuffer(ffi.buffer(values, count * np.dtype(kind).itemsize), kind).copy()

        variance = copied(found.explained_variance, n, np.float64)
        return {
            "mean": copied(found.mean, channels, np.float64),
            "components": copied(found.components, n * channels, np.float32).reshape(n, channels),
            "explained_variance": variance,
            "explained_variance_ratio": variance / found.total_variance,
        }

    def __repr__(self) -> str:
        return f"<adamas.Model: {self.fact('method')}, on {len(self.wavelength)} channels>"


def validate(method: str | Method | None, libraries: Sets, *, leave: str = "auto", folds: int = 10, level: int = 1, seed: int = 1,
             threads: int | None = None, progress: Progress = None) -> Report:
    """Cross-validate a method. Everything that the method fits is fitted on the training specimens of each fold.

    Parameters
    ----------
    method : str, Method or None
        The method. None: the default method.
    libraries : Spectra, path-like, or a sequence of these
        Spectra of specimens of known origin.
    leave : {"auto", "folds", "specimen", "locality", "session", "parcel", "locality-session"}
        The group that each fold leaves out. "locality-session": a part of the localities together with a part of the
        sessions; the table ``cases`` of the report then tells apart what is new in the specimens. "auto": if each origin
        has at least 3 localities, localities together with sessions, or localities alone if sessions do not allow it;
        else folds.
    folds : int
        Number of folds, if specimens are left out by folds.
    level, seed, threads, progress
        As in `Model.train`.

    Returns
    -------
    Report

    Examples
    --------
    >>> import adamas
    >>> adamas.validate("snv | pca(3) | twolevel", adamas.make_library(), leave="locality").cllr < 0.5
    True
    """
    if leave not in _leave:
        raise ValueError(f"leave is {leave!r}, one of {', '.join(_leave)} expected")
    spectra = as_spectra(libraries)
    parsed = method if isinstance(method, Method) else Method(method)
    protocol = ffi.new("adamas_protocol *", lib.adamas_protocol_init)
    protocol.leave, protocol.folds, protocol.level = _leave[leave], folds, level
    pointers, n = _libraries(spectra)
    out = ffi.new("adamas_report **")
    _engine.run(lib.adamas_model_validate, out, parsed._handle, pointers, n, protocol, seed=seed, threads=threads, progress=progress, parts=spectra.parts)
    return Report(_engine.own("report", out[0]))
