"""scikit-learn estimators: a transformer that preprocesses spectra, and a classifier of origins."""
from __future__ import annotations  # so that help() shows the type hints as written

import os
import warnings
from collections.abc import Mapping
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_array, check_consistent_length, check_is_fitted, column_or_1d

from adamas import _engine
from adamas._engine import Path, Progress
from adamas.errors import DataError, MethodError
from adamas.method import Method
from adamas.model import Model, Sets, as_spectra, validate
from adamas.report import Report
from adamas.spectra import Spectra

# scikit-learn must not convert these dtypes: the library uses float32 without a copy and converts the others in blocks.
_dtypes = [np.float64, np.float32, np.float16, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64]

# NaN is allowed: the library sets aside a shot that is not finite.
_nan_tags = {"allow_nan": True}


def _is_spectra(X: Any) -> TypeGuard[Sets]:
    several = isinstance(X, (list, tuple)) and len(X) > 0 and all(isinstance(one, (Spectra, str, os.PathLike)) for one in X)
    return several or isinstance(X, (Spectra, str, os.PathLike))


def _has_matching(method: Method) -> bool:
    """True if the method has a step after pca."""
    return any(step.split("(")[0] == "pca" for step in method.steps[:-1])


def _wavelength_of_columns(X: Any) -> NDArray[np.float64] | None:
    """The names of the columns of a DataFrame, if they are wavelengths."""
    try:
        nm = np.asarray(X.columns, float)
    except (AttributeError, TypeError, ValueError):
        return None
    return nm if (nm > 0).all() else None  # the default names of pandas start at 0


class _SpectraEstimator(BaseEstimator):
    """Base of both estimators: spectra of arrays, and the principal components of the model."""

    model_: Model
    n_features_in_: int

    def _from_array(self, X: np.ndarray, wavelength: Any, groups: Any, origin: Any = None) -> Spectra:
        if wavelength is None:
            wavelength = np.arange(1, X.shape[1] + 1)
        if groups is not None:
            check_consistent_length(X, groups)
        return Spectra.from_array(X, wavelength, specimen=groups, origin=origin, facts=self.facts)

    def _spectra_to_predict(self, X: Any, groups: Any = None) -> Spectra:
        """The spectra to transform or to classify, after fit."""
        check_is_fitted(self, "model_")
        if _is_spectra(X):
            return as_spectra(X)
        wavelength = vars(self).get("wavelength_in_", self.wavelength)
        return self._from_array(self._validate_data(X, reset=False, dtype=_dtypes, force_all_finite=False), wavelength, groups)

    def _wavelength_for_fit(self, X: Any) -> Any:
        """The wavelengths of an array passed to fit. None: 1, 2, 3, ..."""
        return self.wavelength if self.wavelength is not None else _wavelength_of_columns(X)

    def _set_fitted(self, model: Model, spectra: Spectra) -> None:
        self.model_ = model
        self.wavelength_in_ = spectra.wavelength
        self.n_features_in_ = spectra.n_channels

    def _principal_component_array(self, name: str) -> np.ndarray:
        if "model_" not in vars(self):
            raise AttributeError(f"this {type(self).__name__} is not fitted yet")
        try:
            return self.model_.principal_components()[name]
        except MethodError as failure:
            raise AttributeError(str(failure)) from None

    @property
    def components_(self) -> NDArray[np.float32]:
        return self._principal_component_array("components")

    @property
    def mean_(self) -> NDArray[np.float64]:
        return self._principal_component_array("mean")

    @property
    def explained_variance_(self) -> NDArray[np.float64]:
        return self._principal_component_array("explained_variance")

    @property
    def explained_variance_ratio_(self) -> NDArray[np.float64]:
        return self._principal_component_array("explained_variance_ratio")


class Preprocessor(TransformerMixin, _SpectraEstimator):
    """Preprocess spectra by a method. The result is spectra, or scores if the method ends in ``pca``.

    Parameters
    ----------
    method : str
        The steps, without a matching step. `adamas.steps` lists them.
    wavelength : array of float, [n_features], optional
        Wavelengths of arrays, in nm. None: the names of the columns of a DataFrame if they are numbers, else 1, 2, 3,
        ...
    facts : mapping of str to str, optional
        Facts of arrays, such as ``{"acquisition/full_scale": "65535"}``.
    threads : int, optional
        Maximum number of threads. None: all processors. The result does not depend on it.
    progress : bool or callable, optional
        As in `Model.train`.

    Attributes
    ----------
    model_ : Model
        The fitted model.
    n_features_in_ : int
    wavelength_in_, wavelength_out_ : ndarray of float64
        Wavelengths of the input and of the output, in nm.
    components_, mean_, explained_variance_, explained_variance_ratio_ : ndarray
        Results of the step pca, if the method has it.

    Examples
    --------
    >>> import adamas
    >>> lib = adamas.make_library()
    >>> Xp = adamas.Preprocessor("snip(20) | snv", wavelength=lib.wavelength).fit_transform(lib.intensity)
    >>> Xp.shape, bool(abs(Xp.mean(axis=1)).max() < 1e-5)
    ((135, 200), True)
    """

    def __init__(self, method: str = "snip(40) | snv", *, wavelength: ArrayLike | None = None, facts: Mapping[str, str] | None = None,
                 threads: int | None = None, progress: Progress = None) -> None:
        self.method = method
        self.wavelength = wavelength
        self.facts = facts
        self.threads = threads
        self.progress = progress

    def fit(self, X: ArrayLike | Sets, y: Any = None, groups: ArrayLike | None = None) -> Preprocessor:
        """Fit the steps that are fitted (the reference of align, the components of pca).

        Parameters
        ----------
        X : array [n_shots, n_features], Spectra, or paths
            Raw spectra.
        y : ignored
        groups : array [n_shots], optional
            The specimen of each shot of an array; None: each shot is a specimen of its own.

        Returns
        -------
        Preprocessor
            The fitted estimator.

        Examples
        --------
        >>> import adamas
        >>> adamas.Preprocessor("align(1) | snv").fit(adamas.make_library()).n_features_in_
        200
        """
        parsed = Method(self.method)
        names = [step.split("(")[0] for step in parsed.steps]
        if _has_matching(parsed):
            raise ValueError(f"the method {self.method!r} ends in the matching step {names[-1]}, only preprocessing expected")
        if _is_spectra(X):
            spectra = as_spectra(X)
        else:
            needed = 2 if names[-1] == "pca" else 1
            rows = self._validate_data(X, dtype=_dtypes, force_all_finite=False, ensure_min_features=2, ensure_min_samples=needed)
            spectra = self._from_array(rows, self._wavelength_for_fit(X), groups)
        self._set_fitted(Model.train(parsed, spectra, threads=self.threads, progress=self.progress), spectra)
        self.wavelength_out_ = self.model_.wavelength
        self._gives_scores = names[-1] == "pca"
        return self

    def transform(self, X: ArrayLike | Sets) -> NDArray[np.float32]:
        """Preprocess spectra.

        Parameters
        ----------
        X : array [n_shots, n_features], Spectra, or paths
            Raw spectra.

        Returns
        -------
        ndarray of float32 [n_shots, n_channels], or [n_shots, n_components]
            A shot that cannot be used is NaN.

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library()
        >>> adamas.Preprocessor("snv | pca(3)").fit(lib).transform(lib).shape
        (135, 3)
        """
        spectra = self._spectra_to_predict(X)
        done = self.model_.preprocess(spectra, threads=self.threads)
        if not self._gives_scores:
            return done.rows(0, done.n_shots)
        found = self.model_.principal_components()
        weights = found["components"].T.astype(np.float64)
        return np.concatenate([((block - found["mean"]) @ weights).astype(np.float32) for block in done.blocks()])

    def get_feature_names_out(self, input_features: ArrayLike | None = None) -> NDArray[Any]:
        """Names of the output features: the wavelengths, or pca0, pca1, ...

        Parameters
        ----------
        input_features : ignored

        Returns
        -------
        ndarray of str

        Examples
        --------
        >>> import adamas
        >>> adamas.Preprocessor("crop(300, 302) | snv").fit(adamas.make_library()).get_feature_names_out()
        array(['300 nm', '301 nm', '302 nm'], dtype=object)
        """
        check_is_fitted(self, "model_")
        if self._gives_scores:
            return np.array([f"pca{i}" for i in range(len(self.components_))], object)
        return np.array([f"{nm:.10g} nm" for nm in self.wavelength_out_], object)

    def _more_tags(self) -> dict[str, Any]:
        return {**_nan_tags, "preserves_dtype": [np.float32]}  # the library computes spectra in float32


class OriginClassifier(ClassifierMixin, _SpectraEstimator):
    """Classify specimens by origin.

    Parameters
    ----------
    method : str, optional
        The steps. None: the default method.
    level : int
        The classes of spectra sets are the first `level` parts of the paths of the origins.
    wavelength : array of float, [n_features], optional
        Wavelengths of arrays, in nm. None: the names of the columns of a DataFrame if they are numbers, else 1, 2, 3,
        ...
    facts : mapping of str to str, optional
        Facts of arrays, such as ``{"acquisition/full_scale": "65535"}``.
    seed : int
        Seed of the random numbers.
    threads : int, optional
        Maximum number of threads. None: all processors. The result does not depend on it.
    progress : bool or callable, optional
        As in `Model.train`.

    Attributes
    ----------
    model_ : Model
        The fitted model. ``model_.write(path)`` writes it for use by the command.
    classes_ : ndarray
        The origins, sorted, in the order of the columns of `predict_proba` and `predict_set`.
    n_features_in_ : int
    wavelength_in_ : ndarray of float64
    components_, mean_, explained_variance_, explained_variance_ratio_ : ndarray
        Results of the step pca.

    Examples
    --------
    >>> import adamas
    >>> lib = adamas.make_library()
    >>> clf = adamas.OriginClassifier("snv | pca(3) | twolevel").fit(lib)
    >>> clf.predict(adamas.make_library(["B"], specimens=1, seed=2))
    array(['B', 'B', 'B'], dtype='<U1')
    >>> specimen = list(lib.shots["specimen"])
    >>> y = [name[0] for name in specimen]
    >>> clf = adamas.OriginClassifier("snv | pca(3) | twolevel", wavelength=lib.wavelength).fit(lib.intensity, y, groups=specimen)
    >>> clf.score(lib.intensity, y) > 0.9
    True
    """

    def __init__(self, method: str | None = None, *, level: int = 1, wavelength: ArrayLike | None = None,
                 facts: Mapping[str, str] | None = None, seed: int = 1, threads: int | None = None, progress: Progress = None) -> None:
        self.method = method
        self.level = level
        self.wavelength = wavelength
        self.facts = facts
        self.seed = seed
        self.threads = threads
        self.progress = progress

    def fit(self, X: ArrayLike | Sets, y: ArrayLike | None = None, groups: ArrayLike | None = None) -> OriginClassifier:
        """Train a model.

        Parameters
        ----------
        X : array [n_shots, n_features], Spectra, or paths
            Raw spectra. Spectra sets contain their specimens and origins.
        y : array [n_shots], optional
            The origin of each shot of an array.
        groups : array [n_shots], optional
            The specimen of each shot of an array; None: each shot is a specimen of its own.

        Returns
        -------
        OriginClassifier
            The fitted estimator.

        Examples
        --------
        >>> import adamas
        >>> adamas.OriginClassifier("snv | pca(3) | twolevel").fit(adamas.make_library()).classes_
        array(['A', 'B', 'C'], dtype='<U1')
        """
        if not _has_matching(Method(self.method)):
            raise ValueError(f"the method {self.method!r} ends before a matching step (twolevel, ...): it can preprocess but not classify")
        spectra, level, names = self._training_set(X, y, groups)
        self._set_fitted(Model.train(self.method, spectra, level=level, seed=self.seed, threads=self.threads, progress=self.progress), spectra)
        self._set_classes(names)
        return self

    @classmethod
    def from_model(cls, model: Model | Path) -> OriginClassifier:
        """Make a classifier of a fitted model.

        Parameters
        ----------
        model : Model or path-like
            A model fitted in Python or by the command.

        Returns
        -------
        OriginClassifier

        Examples
        --------
        >>> import adamas
        >>> model = adamas.Model.train("snv | pca(3) | twolevel", adamas.make_library())
        >>> adamas.OriginClassifier.from_model(model).classes_
        array(['A', 'B', 'C'], dtype='<U1')
        """
        found = model if isinstance(model, Model) else Model.read(model)
        made = cls(found.fact("method"), level=int(found.fact("level") or 1))
        made.model_ = found
        made._set_classes(None)
        return made

    def _training_set(self, X: Any, y: Any, groups: Any) -> tuple[Spectra, int, tuple[np.ndarray, list[str]] | None]:
        """The spectra with their origins, the level of the classes and, for arrays, the classes and their origins."""
        if _is_spectra(X):
            if y is not None or groups is not None:
                raise ValueError("y and groups are only for arrays: a spectra set contains its specimens and origins")
            return as_spectra(X), self.level, None
        if y is None:
            raise ValueError("This OriginClassifier estimator requires y to be passed, but the target y is None.")
        wavelength = self._wavelength_for_fit(X)
        X = self._validate_data(X, dtype=_dtypes, force_all_finite=False, ensure_min_features=2, ensure_min_samples=2)
        y = column_or_1d(check_array(y, ensure_2d=False, dtype=None), warn=True)
        check_consistent_length(X, y)
        check_classification_targets(y)
        classes, code = np.unique(y, return_inverse=True)
        if len(classes) < 2:
            raise ValueError(f"1 class found ({classes[0]!r}), at least 2 expected")
        names, level = _labels_as_origins(classes)
        return self._from_array(X, wavelength, groups, np.array(names, object)[code]), level, (classes, names)

    def _set_classes(self, names: tuple[np.ndarray, list[str]] | None) -> None:
        """Set classes_, which NumPy sorts, and their origins in the model, which sorts them by their bytes."""
        origins = self._model_origins()
        self.classes_, self._origin_names = names if names else (np.array(origins), origins)

    def _model_origins(self) -> list[str]:
        return list(self.model_._columns(_engine.lib.ADAMAS_ORIGINS, ("origin",)).get("origin", []))

    def classify(self, parcel: ArrayLike | Sets, declared: str | None = None, *, groups: ArrayLike | None = None, epsilon: float = 0.05,
                 stones: int = 0, answer: str = "parcel") -> Report:
        """Classify the specimens of a parcel and evaluate the evidence, as `adamas classify` does.

        Parameters
        ----------
        parcel : Spectra, paths, or array [n_shots, n_features]
            The spectra of the specimens of the parcel.
        declared, epsilon, stones, answer
            As in `Model.classify`.
        groups : array [n_shots], optional
            The specimen of each shot of an array.

        Returns
        -------
        Report

        Examples
        --------
        >>> import adamas
        >>> clf = adamas.OriginClassifier("snv | pca(3) | twolevel").fit(adamas.make_library())
        >>> clf.classify(adamas.make_library(["A"], seed=2), declared="A").fact("declared")
        'A'
        """
        spectra = self._spectra_to_predict(parcel, groups)
        return self.model_.classify(spectra, declared, epsilon=epsilon, stones=stones, answer=answer,
                                    seed=self.seed, threads=self.threads, progress=self.progress)

    def validate(self, X: ArrayLike | Sets, y: ArrayLike | None = None, groups: ArrayLike | None = None, *, leave: str = "auto",
                 folds: int = 10) -> Report:
        """Cross-validate the method, as `adamas validate` does. The fitted model is not used.

        Parameters
        ----------
        X, y, groups
            As in `fit`.
        leave, folds
            As in `adamas.validate`.

        Returns
        -------
        Report

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library()
        >>> adamas.OriginClassifier("snv | pca(3) | twolevel").validate(lib, leave="locality").accuracy > 0.8
        True
        """
        spectra, level, _ = self._training_set(X, y, groups)
        return validate(self.method, spectra, leave=leave, folds=folds, level=level, seed=self.seed, threads=self.threads, progress=self.progress)

    def _classify_rows(self, X: Any, groups: Any, answer: str, epsilon: float = 0.05) -> tuple[Report, Any]:
        """The report, and the index of the specimen of each row: of each shot of an array, of each specimen of a set."""
        spectra = self._spectra_to_predict(X, groups)
        report = self.model_.classify(spectra, "", epsilon=epsilon, answer=answer, seed=self.seed, threads=self.threads, progress=self.progress)
        if groups is None or _is_spectra(X):
            return report, slice(None)
        row = {name: place for place, name in enumerate(report.columns("specimens")["id"])}
        return report, np.array([row[name] for name in spectra.columns("shots")["specimen"]])

    def _class_columns(self, report: Report, what: str, rows: Any) -> NDArray[np.float64]:
        columns = report.columns("specimens")
        return np.column_stack([columns[f"{what}/{name}"] for name in self._origin_names])[rows]

    def predict_proba(self, X: ArrayLike | Sets, groups: ArrayLike | None = None) -> NDArray[np.float64]:
        """Probabilities of the origins, supposing that the specimen is from one of them.

        They are calibrated on held-out training specimens, unless these are too few; then the model has no evidence,
        and the probabilities are those of the matching step.

        For evidence see `classify`.

        Parameters
        ----------
        X : array [n_shots, n_features], Spectra, or paths
            Raw spectra.
        groups : array [n_shots], optional
            The specimen of each shot of an array. The shots of a specimen are classified together and have equal rows.

        Returns
        -------
        ndarray [n_shots, n_classes], or [n_specimens, n_classes] for a spectra set
            If a specimen has no usable shot, its probabilities are equal and a warning is issued.

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library()
        >>> p = adamas.OriginClassifier("snv | pca(3) | twolevel").fit(lib).predict_proba(lib)
        >>> p.shape, bool(abs(p.sum(axis=1) - 1).max() < 1e-9)
        ((45, 3), True)
        """
        check_is_fitted(self, "model_")
        report, rows = self._classify_rows(X, groups, "densities")
        p = self._class_columns(report, "probability", rows)
        unusable = np.isnan(p).any(axis=1)
        if unusable.any():
            warnings.warn(f"{unusable.sum()} of {len(p)} have no usable shot (not finite, saturated): their probabilities are set equal", stacklevel=2)
            p[unusable] = 1 / p.shape[1]
        return p

    def predict(self, X: ArrayLike | Sets, groups: ArrayLike | None = None) -> NDArray[Any]:
        """Predict the most probable origin.

        Parameters
        ----------
        X, groups
            As in `predict_proba`.

        Returns
        -------
        ndarray [n_shots], or [n_specimens] for a spectra set

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library()
        >>> adamas.OriginClassifier("snv | pca(3) | twolevel").fit(lib).predict(lib)[:2]
        array(['A', 'A'], dtype='<U1')
        """
        p = self.predict_proba(X, groups)
        return self.classes_[np.argmax(p, axis=1)]

    def predict_set(self, X: ArrayLike | Sets, alpha: float = 0.05, groups: ArrayLike | None = None) -> NDArray[np.bool_]:
        """Predict the set of origins that are not rejected: one, several, or none.

        Parameters
        ----------
        X, groups
            As in `predict_proba`.
        alpha : float
            An origin is rejected if the typicality p-value is at most alpha. An origin with too few specimens is never
            rejected.

        Returns
        -------
        ndarray of bool [n_shots, n_classes], or [n_specimens, n_classes] for a spectra set
            If a specimen has no usable shot, no origin is rejected.

        Examples
        --------
        >>> import adamas
        >>> lib = adamas.make_library(specimens=8)
        >>> adamas.OriginClassifier("snv | pca(3) | twolevel").fit(lib).predict_set(lib, alpha=0.1).sum(axis=0) > 20
        array([ True,  True,  True])
        """
        check_is_fitted(self, "model_")
        if not 0 < alpha < 1:
            raise ValueError(f"alpha is {alpha}, above 0 and below 1 expected")
        report, rows = self._classify_rows(X, groups, "specimens", alpha)
        why = report.fact("no_evidence")
        if why is not None:
            raise DataError(f"no origin can be rejected by this model: {why}")
        origins = report.columns("origins")
        rejectable = dict(zip(origins["origin"], origins["rejectable"] > 0))
        p = self._class_columns(report, "typicality", rows)
        return ~(p <= alpha) | ~np.array([rejectable[name] for name in self._origin_names])

    def _more_tags(self) -> dict[str, Any]:
        return {**_nan_tags, "requires_y": True}


def _labels_as_origins(classes: np.ndarray) -> tuple[list[str], int]:
    """An origin for each class, and their level: the labels themselves if they are paths of the same length."""
    names = [str(label) for label in classes]
    parts = {name.count("/") + 1 for name in names}
    fit = len(set(names)) == len(names) and len(parts) == 1 and all(all(name.split("/")) and "\0" not in name for name in names)
    return (names, parts.pop()) if fit else ([f"class {place + 1}" for place in range(len(names))], 1)
