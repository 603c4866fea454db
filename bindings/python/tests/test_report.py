"""Reports."""
import html
import math
import re

import pytest

import adamas


@pytest.fixture(scope="module")
def report(fitted, simulated):
    return fitted.classify(simulated / "parcel.h5", declared="South Africa")


def test_display_in_jupyter(report):
    shown = re.search(r'srcdoc="([^"]*)"', report._repr_html_()).group(1)
    assert html.unescape(shown) == report.html
    assert report.html.startswith("<!DOCTYPE html>")


def test_text(report):
    assert report.conclusion in str(report) and report.conclusion in repr(report)
    assert "ynthetic" in report.warnings[0]
    assert report.fact("declared") == "South Africa" and report.fact("nothing") is None
    assert report.json["conclusion"] == report.conclusion


def test_numbers(report):
    assert 0 <= report.number("declared/foreign") <= 1
    assert math.isnan(report.cllr) and math.isnan(report.number("nothing"))


@pytest.mark.parametrize("name", ["specimens", "origins", "shares", "library", "spectrum", "sources"])
def test_tables(report, name):
    assert len(getattr(report, name)) == len(next(iter(report.columns(name).values()))) > 0


def test_missing_tables_and_attributes(report):
    assert len(report.tippett) == 0
    with pytest.raises(AttributeError, match="no attribute 'colour'"):
        report.colour
    assert {"specimens", "cllr", "html"} <= set(dir(report))


def test_answers(fitted, simulated, report):
    parcel = simulated / "parcel.h5"
    specimens, densities = (fitted.classify(parcel, answer=answer) for answer in ("specimens", "densities"))
    assert len(specimens.shares) == 0 and "typicality/CAR" in specimens.specimens
    assert "typicality/CAR" not in densities.specimens
    for name in ("log_density/CAR", "probability/CAR"):
        assert list(report.specimens[name]) == list(specimens.specimens[name]) == list(densities.specimens[name])
    with pytest.raises(ValueError, match="one of parcel, specimens, densities"):
        fitted.classify(parcel, answer="all")


def test_cases_of_a_validation():
    made = adamas.make_library(specimens=6)
    columns = made.columns("shots")
    session = [f"day {int(name.rsplit('-', 1)[-1]) % 3}" for name in columns["specimen"]]
    path = dict(zip(made.columns("specimens")["id"], made.columns("specimens")["origin"]))
    lib = adamas.Spectra.from_array(made.intensity, made.wavelength, specimen=columns["specimen"], origin=[path[name] for name in columns["specimen"]],
                                    shots={"session": session})
    report = adamas.validate("snv | pca(2) | twolevel", lib, leave="locality-session")
    cases = report.columns("cases")
    assert list(cases["case"]) == ["new locality, new session", "new locality, the library's sessions", "the library's localities, new session"]
    assert list(cases["specimens"]) == [54, 54, 54]
    assert cases["accuracy"][0] == report.accuracy and cases["log_loss"][0] == report.log_loss
    assert len(report.cases) == 3
    assert report.json == adamas.validate("snv | pca(2) | twolevel", lib).json
