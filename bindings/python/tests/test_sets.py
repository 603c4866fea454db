"""Spectra sets: files, several files as one set, tables with and without pandas, conversion to pandas and xarray."""
import sys

import numpy as np
import pandas
import pytest

import adamas


def test_several_files_are_one(files):
    lib = adamas.read(files)
    alone = [adamas.read(path) for path in files]
    assert lib.n_shots == len(lib) == sum(len(part) for part in alone) == lib.intensity.shape[0]
    assert np.array_equal(lib.intensity, np.concatenate([part.intensity for part in alone]))
    assert np.array_equal(lib.rows(90, 10), lib.intensity[90:100])
    assert list(lib.columns("specimens")["id"]) == [name for part in alone for name in part.columns("specimens")["id"]]
    assert lib.n_specimens == 72
    assert lib.facts["provenance/synthetic"] == "yes"


def test_several_files_are_written_as_one(files, tmp_path):
    lib = adamas.read(files)
    lib.write(tmp_path / "all.h5")
    again = adamas.read(tmp_path / "all.h5")
    assert np.array_equal(again.intensity, lib.intensity)
    assert np.array_equal(again.wavelength, lib.wavelength)
    for name in ("shots", "specimens"):
        pandas.testing.assert_frame_equal(pandas.DataFrame(again.columns(name)), pandas.DataFrame(lib.columns(name)))


def test_what_is_read_is_written_with_the_same_bytes(files, tmp_path):
    adamas.read(files[0]).write(tmp_path / "again.h5")
    adamas.read(tmp_path / "again.h5").write(tmp_path / "third.h5")
    assert (tmp_path / "again.h5").read_bytes() == (tmp_path / "third.h5").read_bytes()


def test_sets_with_different_axes(made, tmp_path):
    made.write(tmp_path / "a.h5")
    adamas.make_library(["B"], channels=150).write(tmp_path / "b.h5")
    with pytest.raises(ValueError, match="different wavelength axes"):
        adamas.read([tmp_path / "a.h5", tmp_path / "b.h5"]).intensity


def test_tables_are_frames_with_pandas(made):
    assert isinstance(made.specimens, pandas.DataFrame)
    assert list(made.shots.columns) == ["specimen"]


def test_tables_are_structured_arrays_without_pandas(made, fitted, simulated, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert made.specimens.dtype.names == ("id", "origin")
    assert made.specimens["id"][0] == "A-west-1"
    report = fitted.classify(simulated / "parcel.h5", answer="specimens")
    assert isinstance(report.specimens, np.ndarray)
    assert len(report.specimens) == 12
    assert report.specimens["typicality/CAR"].dtype == float
    assert len(report.shares) == 0


def described():
    """A set with every kind of column and with facts."""
    X = np.random.default_rng(1).random((6, 5)).astype(np.float32)
    return adamas.Spectra.from_array(X, [200, 201, 202, 300, 301], specimen=list("aabbcc"), origin=["CAR/x", "DRC/y", ""],
                                     shots={"shot": [1, 2, 1, 2, 1, 2], "session": list("stttss"), "energy": np.linspace(1, 2, 6)},
                                     specimens={"mass_ct": [0.5, np.nan, 2], "colour": ["white", "", "grey"]},
                                     facts={"acquisition/gas": "argon", "axis/medium": "air"})


def same(one, other):
    assert np.array_equal(one.intensity, other.intensity)
    assert np.array_equal(one.wavelength, other.wavelength)
    assert one.facts == other.facts
    for name in ("shots", "specimens"):
        a, b = pandas.DataFrame(one.columns(name)), pandas.DataFrame(other.columns(name))
        pandas.testing.assert_frame_equal(a[sorted(a)], b[sorted(b)])


def test_pandas_and_back():
    same(adamas.from_pandas(adamas.to_pandas(described())), described())


def test_xarray_and_back():
    array = adamas.to_xarray(described())
    assert array.dims == ("spectrum_index", "wavelength") and array.attrs["acquisition/gas"] == "argon"
    same(adamas.from_xarray(array), described())


def test_files_and_back(tmp_path):
    described().write(tmp_path / "set.h5")
    same(adamas.read(tmp_path / "set.h5"), described())


def test_a_frame_without_index():
    frame = pandas.DataFrame(np.ones((3, 4)), columns=[300, 301, 302, 303])
    assert adamas.from_pandas(frame).n_specimens == 3


def test_import(tmp_path):
    for number in (1, 2):
        (tmp_path / f"CAR_stone{number}_1.txt").write_text("".join(f"{300 + i};{i * number}\n" for i in range(50)))
    found = adamas.import_text(tmp_path / "set.h5", sorted(tmp_path.glob("*.txt")), origin="^([A-Z]+)_", specimen="(stone[0-9]+)",
                               facts={"acquisition/gas": "air"})
    assert list(found.columns("specimens")["origin"]) == ["CAR", "CAR"]
    assert found.facts["acquisition/gas"] == "air"
    assert (found.rows(1, 1)[0] == 2 * np.arange(50)).all()


def test_import_leaves_nothing_after_a_failure(tmp_path):
    (tmp_path / "bad.txt").write_text("no numbers at all\n")
    with pytest.raises(adamas.FormatError, match="bad.txt"):
        adamas.import_text(tmp_path / "set.h5", [tmp_path / "bad.txt"])
    assert [path.name for path in tmp_path.iterdir()] == ["bad.txt"]


def test_segments(tmp_path):
    X = np.arange(12, dtype=np.float32).reshape(2, 6)
    given = adamas.Spectra.from_array(X, [300, 301, 302, 303, 304, 305], segments=[0, 3])
    assert list(given.segments) == [0, 3, 6]
    given.write(tmp_path / "set.h5")
    again = adamas.read(tmp_path / "set.h5")
    assert list(again.segments) == [0, 3, 6]
    both = adamas.model.as_spectra([again, given])
    both.write(tmp_path / "both.h5")
    assert list(adamas.read(tmp_path / "both.h5").segments) == [0, 3, 6]
    with pytest.raises(adamas.AxisError, match="detector_segments"):
        adamas.Spectra.from_array(X, [300, 301, 302, 303, 304, 305], segments=[1, 3])
