"""Simulated libraries and a parcel, made by the programs in the folder ADAMAS_BIN, or of the release build."""
import os
import pathlib
import subprocess

import pytest

import adamas

ROOT = pathlib.Path(__file__).resolve().parents[3]
METHOD = "snip(40) | sqrt | snv | pca(8) | twolevel"


@pytest.fixture(scope="session")
def programs() -> pathlib.Path:
    return pathlib.Path(os.environ.get("ADAMAS_BIN", ROOT / "build" / "release" / "bin"))


@pytest.fixture(scope="session")
def simulated(programs, tmp_path_factory) -> pathlib.Path:
    """A folder with CAR.h5, DRC.h5, South-Africa.h5, each of 24 specimens from 6 localities, and parcel.h5."""
    folder = tmp_path_factory.mktemp("simulated")
    simulate = [programs / "adamas-simulate", "--origins", ROOT / "reference-spectra" / "origins.csv", "--level", "demonstration", "--seed", "1",
                "-o", folder]
    subprocess.run([*simulate, "--specimens", "24", "--shots", "4", "--localities", "1-6"], check=True, capture_output=True)
    subprocess.run([*simulate, "--shots", "4", "--declared", "South Africa", "--parcel", "South Africa:9,CAR:3"], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def files(simulated) -> list[pathlib.Path]:
    return [simulated / name for name in ("CAR.h5", "DRC.h5", "South-Africa.h5")]


@pytest.fixture(scope="session")
def fitted(files) -> adamas.OriginClassifier:
    return adamas.OriginClassifier(METHOD).fit(adamas.read(files))


@pytest.fixture
def made() -> adamas.Spectra:
    return adamas.make_library()


def arrays(spectra):
    """X, y and the specimen of each shot of a spectra set; y is the first part of the path of the origin."""
    specimen = spectra.columns("shots")["specimen"]
    table = spectra.columns("specimens")
    origin = dict(zip(table["id"], (path.split("/")[0] for path in table["origin"])))
    return spectra.intensity, [origin[name] for name in specimen], list(specimen)
