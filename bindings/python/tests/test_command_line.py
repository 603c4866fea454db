"""From the same files Python and the command give the same probabilities, likelihood ratios and bytes."""
import json
import subprocess

import numpy as np
import pytest

import adamas
from conftest import METHOD


@pytest.fixture(scope="module")
def by_command(programs, files, simulated, tmp_path_factory):
    folder = tmp_path_factory.mktemp("by_command")

    def run(*arguments):
        subprocess.run([programs / "adamas", *arguments], cwd=folder, check=True, capture_output=True)

    run("train", "-o", "model.h5", "--method", METHOD, *files)
    run("classify", "-m", "model.h5", "-o", "report.json", "--html", "report.html", "--declared", "South Africa", simulated / "parcel.h5")
    run("validate", "-o", "validation.json", "--html", "validation.html", "--leave", "locality", "--method", METHOD, *files)
    run("preprocess", "-m", "model.h5", "-o", "preprocessed.h5", simulated / "parcel.h5")
    return folder


def test_a_model_has_the_same_bytes(fitted, by_command, tmp_path):
    fitted.model_.write(tmp_path / "model.h5")
    assert (tmp_path / "model.h5").read_bytes() == (by_command / "model.h5").read_bytes()


def test_a_classification_has_the_same_bytes(fitted, by_command, simulated, tmp_path):
    report = fitted.classify(simulated / "parcel.h5", declared="South Africa")
    for name in ("report.json", "report.html"):
        report.write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == (by_command / name).read_bytes()
    assert report.html.encode() == (by_command / "report.html").read_bytes()
    assert report.json == json.loads((by_command / "report.json").read_text())


def test_a_validation_has_the_same_bytes(fitted, by_command, files, tmp_path):
    report = fitted.validate(files, leave="locality")
    for name in ("validation.json", "validation.html"):
        report.write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == (by_command / name).read_bytes()
    assert 0 < report.cllr < 1


def test_tables_hold_the_numbers_of_the_json(fitted, by_command, simulated):
    by_json = json.loads((by_command / "report.json").read_text())
    report = fitted.classify(simulated / "parcel.h5", declared="South Africa")
    columns = report.columns("specimens")
    assert [specimen["id"] for specimen in by_json["specimens"]] == list(columns["id"])
    p = fitted.predict_proba(simulated / "parcel.h5")
    for place, name in enumerate(fitted.classes_):
        assert np.array_equal(p[:, place], columns[f"probability/{name}"])
    lr = np.array([columns[f"log10_lr/{name}"] for name in fitted.classes_])
    assert np.isfinite(lr).any()


def test_arrays_give_what_files_give(fitted, files, simulated):
    """Arrays with the facts, sessions and origins of the files give the same numbers as the files."""
    lib, parcel = adamas.read(files), adamas.read(simulated / "parcel.h5")
    table = lib.columns("specimens")
    path = dict(zip(table["id"], table["origin"]))
    specimen = lib.columns("shots")["specimen"]
    facts = {"acquisition/full_scale": lib.facts["acquisition/full_scale"]}
    lent = adamas.Spectra.from_array(lib.intensity, lib.wavelength, specimen=specimen, shots={"session": lib.columns("shots")["session"]},
                                     origin=[path[name] for name in specimen], facts=facts)
    assert np.array_equal(lent.segments, lib.segments)
    clf = adamas.OriginClassifier(METHOD, wavelength=lib.wavelength, facts=facts).fit(lent)
    rows = clf.predict_proba(parcel.intensity, groups=parcel.columns("shots")["specimen"])
    assert np.array_equal(rows[::4], fitted.predict_proba(parcel))
    assert np.array_equal(rows[0], rows[3])
    assert np.array_equal(clf.components_, fitted.components_)


def test_preprocessing_has_the_same_bytes(fitted, by_command, simulated, tmp_path):
    fitted.model_.preprocess(simulated / "parcel.h5").write(tmp_path / "preprocessed.h5")
    assert (tmp_path / "preprocessed.h5").read_bytes() == (by_command / "preprocessed.h5").read_bytes()


def test_a_model_written_by_the_command(fitted, by_command, simulated):
    read = adamas.OriginClassifier.from_model(by_command / "model.h5")
    assert np.array_equal(read.predict_proba(simulated / "parcel.h5"), fitted.predict_proba(simulated / "parcel.h5"))
    assert list(read.classes_) == ["CAR", "DRC", "South Africa"]
