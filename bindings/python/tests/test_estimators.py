"""The estimators: scikit-learn's checks, and use with its tools."""
import copy
import pickle
import warnings

import numpy as np
import pandas
import pytest
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

import adamas
from conftest import arrays

METHOD = "snv | pca(3) | twolevel"

# Checks that cannot pass, and why. The default methods are for spectra: methods for two features are checked too.
TWO_FEATURES = "the check has three classes of two features, but snv makes every pair of features (-1, 1) or (1, -1)"
FAILING = {
    "check_classifiers_train": TWO_FEATURES,
    "check_classifiers_classes": TWO_FEATURES,
}
ESTIMATORS = [
    (adamas.Preprocessor(), {}),
    (adamas.Preprocessor("pca(1)"), {}),
    (adamas.OriginClassifier("pca(2) | lda"), {}),
    (adamas.OriginClassifier("pca(2) | twolevel"), {}),
    (adamas.OriginClassifier("snv | pca(1) | lda"), FAILING),
]


def checks():
    for estimator, failing in ESTIMATORS:
        for number, (made, check) in enumerate(check_estimator(estimator, generate_only=True)):
            name = check.func.__name__
            yield pytest.param(made, check, failing.get(name), id=f"{estimator.method.replace(' ', '')}-{number}-{name}")


@pytest.mark.parametrize("estimator, check, why", checks())
def test_check_estimator(estimator, check, why):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if why is None:
            check(estimator)
        else:
            with pytest.raises(Exception):  # a check that passes must not be in FAILING
                check(estimator)


def test_preprocessing_is_what_its_formula_says(made):
    X = made.intensity.astype(np.float64)
    found = adamas.Preprocessor("sqrt | snv", wavelength=made.wavelength).fit_transform(X)
    root = np.sign(X) * np.sqrt(abs(X))
    expected = (root - root.mean(axis=1, keepdims=True)) / root.std(axis=1, ddof=1, keepdims=True)
    assert found.dtype == np.float32
    scale = (expected * found).sum() / (expected * expected).sum()  # the library may divide by n or by n - 1
    assert abs(scale - 1) < 0.01
    np.testing.assert_allclose(found, scale * expected, atol=2e-5)


def test_components_are_those_of_numpy(made):
    p = adamas.Preprocessor("snv | pca(3, of=shots)", wavelength=made.wavelength).fit(made.intensity)
    Xp = adamas.Preprocessor("snv", wavelength=made.wavelength).fit_transform(made.intensity).astype(np.float64)
    _, s, vt = np.linalg.svd(Xp - Xp.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(p.mean_, Xp.mean(axis=0), atol=1e-6)
    np.testing.assert_allclose(abs(p.components_ @ vt[:3].T), np.eye(3), atol=1e-4)
    np.testing.assert_allclose(p.explained_variance_ratio_, (s**2 / (s**2).sum())[:3], rtol=1e-4)
    np.testing.assert_allclose(p.explained_variance_, (s**2 / (len(Xp) - 1))[:3], rtol=1e-4)
    np.testing.assert_allclose(p.transform(made.intensity), (Xp - p.mean_) @ p.components_.T, atol=1e-4)
    assert list(p.get_feature_names_out()) == ["pca0", "pca1", "pca2"]


def test_components_of_a_method_without_pca(made):
    p = adamas.Preprocessor("snv")
    assert not hasattr(p, "components_")
    assert not hasattr(p.fit(made), "components_")
    assert p.n_features_in_ == 200


def test_preprocessor_refuses_a_matching_step(made):
    with pytest.raises(ValueError, match="matching step twolevel"):
        adamas.Preprocessor(METHOD).fit(made)


def test_crop(made):
    p = adamas.Preprocessor("crop(310, 320) | snv").fit(made)
    assert p.transform(made).shape == (135, 11)
    assert p.wavelength_out_[0] == 310 and p.get_feature_names_out()[0] == "310 nm"


@pytest.mark.parametrize("make", [lambda fitted: pickle.loads(pickle.dumps(fitted)), copy.deepcopy])
def test_copies_answer_as_the_first_does(made, make):
    fitted = adamas.OriginClassifier(METHOD).fit(made)
    again = make(fitted)
    assert np.array_equal(again.predict_proba(made), fitted.predict_proba(made))
    assert again.get_params() == fitted.get_params()
    assert again.model_.to_bytes() == fitted.model_.to_bytes()


def test_a_pickle_holds_the_models_own_bytes(made):
    fitted = adamas.OriginClassifier(METHOD).fit(made)
    assert fitted.model_.to_bytes() in pickle.dumps(fitted)


def test_clone_has_parameters_alone(made):
    fitted = adamas.OriginClassifier(METHOD, seed=5, level=2).fit(made)
    bare = clone(fitted)
    assert bare.get_params() == fitted.get_params() and not hasattr(bare, "model_")
    with pytest.raises(NotFittedError):
        bare.predict(made)
    with pytest.raises(NotFittedError):
        bare.classify(made)


def test_origins_by_level(made):
    clf = adamas.OriginClassifier(METHOD, level=2).fit(made)
    assert len(clf.classes_) == 9 and clf.classes_[0] == "A/east"


def test_in_a_pipeline(made):
    X, y, specimen = arrays(made)
    pipe = make_pipeline(adamas.Preprocessor("snip(20) | snv", wavelength=made.wavelength), LinearDiscriminantAnalysis(solver="eigen", shrinkage=0.1))
    assert cross_val_score(pipe, X, y, groups=specimen, cv=StratifiedGroupKFold(3)).mean() > 0.8
    both = make_pipeline(adamas.Preprocessor("snv", wavelength=made.wavelength), adamas.OriginClassifier("pca(3) | twolevel", wavelength=made.wavelength))
    both.fit(X, y, originclassifier__groups=specimen)
    assert both.score(X, y) > 0.9


def test_cross_val_score_with_groups(made):
    X, y, specimen = arrays(made)
    clf = adamas.OriginClassifier(METHOD, wavelength=made.wavelength)
    scores = cross_val_score(clf, X, y, groups=specimen, cv=GroupKFold(3), fit_params={"groups": np.array(specimen)})
    assert scores.shape == (3,) and scores.min() > 0.7


def test_grid_search_in_several_processes(made):
    X, y, specimen = arrays(made)
    search = GridSearchCV(adamas.OriginClassifier(wavelength=made.wavelength, threads=1), {"method": [METHOD, "snv | pca(2) | lda"]},
                          cv=StratifiedGroupKFold(2), n_jobs=2)
    search.fit(X, y, groups=specimen)
    assert search.best_score_ > 0.7 and np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.predict(X[:3]).tolist() == y[:3]


def test_shots_of_a_specimen_are_classified_together(made):
    X, y, specimen = arrays(made)
    clf = adamas.OriginClassifier(METHOD, wavelength=made.wavelength).fit(X, y, groups=specimen)
    rows = clf.predict_proba(X, groups=specimen)
    assert rows.shape == (135, 3)
    assert np.array_equal(rows[0::3], rows[1::3]) and not np.array_equal(rows, clf.predict_proba(X))
    mixed = np.random.default_rng(1).permutation(135)
    np.testing.assert_allclose(clf.predict_proba(X[mixed], groups=np.array(specimen)[mixed]), rows[mixed], rtol=1e-6, atol=1e-12)


def test_predict_set(made):
    X, y, specimen = arrays(adamas.make_library(specimens=8))
    clf = adamas.OriginClassifier(METHOD).fit(X, y, groups=specimen)
    report = clf.classify(X, groups=specimen, answer="specimens", epsilon=0.1)
    found = clf.predict_set(X, alpha=0.1, groups=specimen)[::3]
    answers = report.columns("specimens")["answer"]
    origins = report.columns("origins")
    assert found.dtype == bool
    for row, answer in zip(found, answers):
        named = [name for name, kept in zip(clf.classes_, row) if kept]
        assert (", ".join(named) or "none") == answer or not origins["rejectable"].all()
    assert (clf.predict_set(X, alpha=0.3).sum(axis=1) <= clf.predict_set(X, alpha=0.05).sum(axis=1)).all()


def test_origins_of_few_specimens_are_never_rejected(made):
    X, y, specimen = arrays(adamas.make_library(specimens=3))
    assert adamas.OriginClassifier(METHOD).fit(X, y, groups=specimen).predict_set(X, alpha=0.01, groups=specimen).all()


@pytest.mark.parametrize("labels", [{"A": 10, "B": 9, "C": -1}, {"A": "x/y", "B": "x", "C": "z"}, {"A": True, "B": False, "C": False},
                                    {"A": "", "B": " ", "C": "é"}, {"A": "Sierra Leone/Kono", "B": "Sierra Leone/Koidu", "C": "CAR/Berberati"}])
def test_labels_of_any_kind(made, labels):
    X, y, specimen = arrays(made)
    y = np.array([labels[name] for name in y])
    clf = adamas.OriginClassifier(METHOD, wavelength=made.wavelength).fit(X, y, groups=specimen)
    assert np.array_equal(clf.classes_, np.unique(y))
    assert (clf.predict(X) == y).mean() > 0.9


def test_unusable_shots(made):
    X, y, specimen = arrays(made)
    clf = adamas.OriginClassifier(METHOD, facts={"acquisition/full_scale": "3000"}).fit(np.minimum(X, 2999), y, groups=specimen)
    saturated = X[:2].copy()
    saturated[0] = 3000
    with pytest.warns(UserWarning, match="1 of 2 have no usable shot"):
        p = clf.predict_proba(saturated)
    assert (p[0] == 1 / 3).all() and p[1, 0] > 0.5


@pytest.mark.parametrize("wrong, says", [
    (lambda clf, X, y: clf.fit(X, y[:-1]), "inconsistent"),
    (lambda clf, X, y: clf.fit(X), "y is None"),
    (lambda clf, X, y: clf.fit(X, ["one"] * len(y)), "1 class"),
    (lambda clf, X, y: clf.fit(X, y, groups=["one"] * len(y)), "of specimen 'one' is 'B'"),
    (lambda clf, X, y: clf.fit(adamas.make_library(), y), "only for arrays"),
    (lambda clf, X, y: clf.fit(X, y).predict(X[:, :50]), "50 features"),
    (lambda clf, X, y: adamas.OriginClassifier(METHOD, wavelength=[1, 2]).fit(X, y), "wavelength is of shape"),
    (lambda clf, X, y: adamas.OriginClassifier("snv | pca(3)").fit(X, y), "ends before a matching step"),
    (lambda clf, X, y: clf.fit(X, y).predict_set(X, alpha=2), "alpha is 2"),
    (lambda clf, X, y: clf.fit(X, y).classify(X, stones=-1), "stones is -1, 0 or more expected"),
    (lambda clf, X, y: adamas.OriginClassifier(METHOD, seed=-1).fit(X, y), "seed is -1"),
])
def test_wrong_arguments(made, wrong, says):
    X, y, _ = arrays(made)
    with pytest.raises(ValueError, match=says):
        wrong(adamas.OriginClassifier(METHOD), X, y)


def test_validation_of_arrays(made):
    X, y, specimen = arrays(made)
    report = adamas.OriginClassifier(METHOD, wavelength=made.wavelength).validate(X, y, groups=specimen, leave="specimen")
    assert report.number("judged") == 45 and report.accuracy > 0.9


def test_fitting_again_with_another_axis(made):
    X, y, specimen = arrays(made)
    clf = adamas.OriginClassifier(METHOD, wavelength=made.wavelength).fit(X, y, groups=specimen)
    clf.set_params(wavelength=made.wavelength + 100).fit(X, y, groups=specimen)
    assert clf.wavelength_in_[0] == 400
    with pytest.raises(adamas.AxisError):
        clf.set_params(method="crop(300, 350) | " + METHOD).fit(X, y)


def test_columns_named_by_wavelength_are_the_axis(made):
    X, y, specimen = arrays(made)
    frame = pandas.DataFrame(X, columns=made.wavelength)
    clf = adamas.OriginClassifier(METHOD).fit(frame, y, groups=specimen)
    assert np.array_equal(clf.wavelength_in_, made.wavelength)
    assert np.array_equal(clf.predict(frame), clf.predict(X))
    assert adamas.Preprocessor("crop(310, 320)").fit_transform(frame).shape == (135, 11)
    assert adamas.Preprocessor("snv").fit(pandas.DataFrame(X)).wavelength_in_[0] == 1


def test_sets_in_memory_are_used_together():
    parts = [adamas.make_library([name]) for name in "AB"]
    clf = adamas.OriginClassifier(METHOD).fit(parts)
    assert list(clf.classes_) == ["A", "B"]
    assert clf.predict(parts).shape == (30,)
