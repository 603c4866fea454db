"""Models: a method fitted to libraries."""
from __future__ import annotations  # so that help() shows the hints as they stand here

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
          "session": lib.ADAMAS_LEAVE_SESSION, "parcel": lib.ADAMAS_LEAVE_PARCEL, "auto": lib.ADAMAS_LEAVE_AUTO}

Sets = Spectra | Path | Sequence[Spectra | Path]


def as_spectra(sets: Sets) -> Spectra:
    """Spectra as they are; paths are read; several are used together.

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


def _only(sets: Sets) -> Spectra:
    spectra = as_spectra(sets)
    return spectra if len(spectra.parts) == 1 else spectra._join()


def _libraries(spectra: Spectra) -> tuple[ffi.CData, int]:
    return ffi.new("adamas_spectra *[]", [part.handle for part in spectra.parts]), len(spectra.parts)


class Model:
    """A method fitted to libraries: what a laboratory validates and freezes. It never changes; any number of threads may use it.

    Made by `Model.train` or `Model.read`.

    Attributes
    ----------
    method : Method
        The method that was fitted.
    wavelength : ndarray of float64
        The axis after preprocessing, in nm.
    origins, libraries : table
        A row an origin that is told apart; a row a library (file, sha256).
    facts : dict of str to str
        method, method_canonical, engine, level, components, components_chosen, axis/medium, synthetic.

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
        """Fits a method to libraries.

        Parameters
        ----------
        method : str, Method or None
            None: the engine's default method.
        libraries : Spectra, path-like, or a sequence of these
            Specimens with origins; without a matching step they may have none.
        level : int
            Origins are told apart by the first `level` parts of their path.
        seed : int
            Of every random choice.
        threads : int, optional
            At most so many; None: all. The result does not depend on it.
        progress : bool or callable, optional
            None: a bar, where tqdm is installed and someone is there to see it. A function gets (stage, done, total), total 0 where it is
            not known, and cancels by returning something true.

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
        recipe = method if isinstance(method, Method) else Method(method)
        pointers, n = _libraries(spectra)
        out = ffi.new("adamas_model **")
        _engine.work(lib.adamas_model_train, out, recipe._handle, pointers, n, level, seed=seed, threads=threads, progress=progress, parts=spectra.parts)
        return cls(_engine.owned("model", out[0]))

    @classmethod
    def read(cls, path: Path) -> Model:
        """Reads a model, from Python or from the command line.

        Parameters
        ----------
        path : path-like
            The file.

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
        return cls(_engine.make("model", lib.adamas_model_read, _engine.path(path)))

    def write(self, path: Path) -> None:
        """Writes the model, whole or not at all.

        Parameters
        ----------
        path : path-like
            The file.

        Examples
        --------
        >>> import adamas, pathlib, tempfile
        >>> path = pathlib.Path(tempfile.mkdtemp(), "model.h5")
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).write(path)
        >>> adamas.file_kind(path)
        'model'
        """
        _engine.call(lib.adamas_model_write, self._handle, _engine.path(path))

    def to_bytes(self) -> bytes:
        """The bytes of the model's file; pickling goes by them.

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
        """The model of `to_bytes`.

        Parameters
        ----------
        content : bytes
            Of a model's file.

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
        """A fact by its name.

        Parameters
        ----------
        name : str
            Such as ``"components"``.

        Returns
        -------
        str or None

        Examples
        --------
        >>> import adamas
        >>> adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library()).fact("components")
        '3'
        """
        return _engine.text(lib.adamas_model_fact(self._handle, name.encode()))

    @property
    def facts(self) -> dict[str, str]:
        names = ("method", "method_canonical", "engine", "level", "components", "components_chosen", "axis/medium", "synthetic")
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
        """The spectra after the method's preprocessing, computed when they are wanted.

        Parameters
        ----------
        spectra : Spectra, path-like, or a sequence of these
            Raw spectra, on any axis that covers the model's.
        threads : int, optional
            At most so many; None: all.

        Returns
        -------
        Spectra
            On the model's axis; a shot of which nothing is left is NaN.

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
            _engine.work(lib.adamas_model_preprocess, out, self._handle, part.handle, threads=threads, parts=[part])
            made.append(Part(_engine.owned("spectra", out[0]), self, part))
            made[-1].lock = part.lock  # its rows come from the other's
        return Spectra(made)

    def classify(self, parcel: Sets, declared: str | None = None, *, epsilon: float = 0.05, stones: int = 0, answer: str = "parcel",
                 seed: int = 1, threads: int | None = None, progress: Progress = None) -> Report:
        """Weighs a parcel.

        Parameters
        ----------
        parcel : Spectra, path-like, or a sequence of these
            Its specimens.
        declared : str, optional
            The origin that the parcel's papers declare; None: what the file says; "": none.
        epsilon : float
            An origin is rejected where a specimen's typicality p is not above this.
        stones : int
            Of the whole parcel, where only part was measured; 0: what the file says, or those measured.
        answer : {"parcel", "specimens", "densities"}
            How much is answered: the parcel as a whole, too; each specimen for itself; or log densities and uncalibrated probabilities alone,
            which are no evidence.
        seed : int
            Of every random choice.
        threads : int, optional
            At most so many; None: all.
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
        part = _only(parcel).parts[0]
        question = ffi.new("adamas_question *", lib.adamas_question_init)
        kept = _engine.optional(declared)
        question.declared, question.epsilon, question.stones = kept, epsilon, _engine.count("stones", stones)
        question.answer = _answers[answer]
        out = ffi.new("adamas_report **")
        _engine.work(lib.adamas_model_classify, out, self._handle, part.handle, question, seed=seed, threads=threads, progress=progress,
                     parts=[part])
        return Report(_engine.owned("report", out[0]))

    def plan(self, parcel: int, *, share: float = 0.05, confidence: float = 0.95, declared: str | None = None, seed: int = 1,
             threads: int | None = None, progress: Progress = None) -> Report:
        """How many stones of a parcel must be measured to reveal a share of foreign ones. It takes some minutes.

        Parameters
        ----------
        parcel : int
            Stones of the parcel.
        share : float
            Of foreign stones that is to be revealed.
        confidence : float
            With this probability.
        declared : str, optional
            The origin that will be declared; None: the one for which it is hardest.
        seed : int
            Of every random choice.
        threads : int, optional
            At most so many; None: all.
        progress : bool or callable, optional
            As in `Model.train`.

        Returns
        -------
        Report
            Its ``number("plan/stones")`` is NaN where no number suffices.

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> model.plan(20, share=0.5).number("plan/stones") < 20
        True
        """
        plan = ffi.new("adamas_plan *", lib.adamas_plan_init)
        kept = _engine.optional(declared)
        plan.parcel, plan.share, plan.confidence, plan.declared = _engine.count("parcel", parcel), share, confidence, kept
        out = ffi.new("adamas_report **")
        _engine.work(lib.adamas_model_plan, out, self._handle, plan, seed=seed, threads=threads, progress=progress)
        return Report(_engine.owned("report", out[0]))

    def principal_components(self) -> dict[str, np.ndarray]:
        """The fitted principal components.

        Returns
        -------
        dict of str to ndarray
            mean [n_channels], components [n_components, n_channels], explained_variance and explained_variance_ratio [n_components].

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
    """Cross-validates a method: whatever it fits is fitted anew on the specimens that are not left out.

    Parameters
    ----------
    method : str, Method or None
        None: the engine's default method.
    libraries : Spectra, path-like, or a sequence of these
        Specimens with origins.
    leave : {"auto", "folds", "specimen", "locality", "session", "parcel"}
        What is left out together; auto: localities where every origin has 3, else folds.
    folds : int
        Groups of specimens, where they are left out by folds.
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
    recipe = method if isinstance(method, Method) else Method(method)
    protocol = ffi.new("adamas_protocol *", lib.adamas_protocol_init)
    protocol.leave, protocol.folds, protocol.level = _leave[leave], folds, level
    pointers, n = _libraries(spectra)
    out = ffi.new("adamas_report **")
    _engine.work(lib.adamas_model_validate, out, recipe._handle, pointers, n, protocol, seed=seed, threads=threads, progress=progress, parts=spectra.parts)
    return Report(_engine.owned("report", out[0]))
