"""Arrays that are not copied, and arrays that are converted in blocks. Memory use is measured in a separate process."""
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

import adamas

MEASURE_MEMORY = """
import numpy, resource, sys
import adamas

kind, folder = sys.argv[1:]
X = numpy.ones((8000, 4096), kind)        # 125 MB of float32, 250 MB of float64
X += numpy.arange(4096, dtype=kind)
X[:, ::7] += numpy.arange(8000, dtype=kind)[:, None]
w = numpy.arange(300, 300 + 4096)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

adamas.Preprocessor("snv", wavelength=w).fit_transform(X[:600])
before = peak()
lent = adamas.Spectra.from_array(X, w)
lent.screen()
lent.write(folder + "/set.h5")
adamas.Preprocessor("snv", wavelength=w).fit(X).model_.preprocess(lent).rows(0, 100)
print(peak() - before)
assert (lent.intensity is X) == (kind == "float32")
"""


@pytest.mark.skipif("libasan" in os.environ.get("LD_PRELOAD", ""), reason="AddressSanitizer keeps freed memory")
@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_an_array_is_not_copied(kind, tmp_path):
    done = subprocess.run([sys.executable, "-c", MEASURE_MEMORY, kind, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 60, f"the peak rose by {done.stdout} MB"


def test_changes_of_an_array_are_seen():
    X = np.ones((3, 4), np.float32)
    lent = adamas.Spectra.from_array(X, [1, 2, 3, 4])
    X[1, 2] = 7
    assert lent.rows(1, 1)[0, 2] == 7


def test_a_set_keeps_its_array_alive():
    lent = adamas.Spectra.from_array(np.full((2, 3), 5, np.float32), [1, 2, 3])
    assert (lent.rows(0, 2) == 5).all()


@pytest.mark.parametrize("kind", [np.float64, np.float16, np.uint16, np.int64, bool])
def test_other_numbers_are_converted(kind):
    X = np.arange(12).reshape(4, 3).astype(kind)
    assert np.array_equal(adamas.Spectra.from_array(X, [1, 2, 3]).rows(1, 3), X[1:].astype(np.float32))


@pytest.mark.parametrize("view", [lambda X: X[::2], lambda X: X[:, ::-1], np.asfortranarray])
def test_other_layouts_are_converted(view):
    X = view(np.arange(24, dtype=np.float32).reshape(6, 4))
    assert np.array_equal(adamas.Spectra.from_array(X, [1, 2, 3, 4]).intensity, X)


def test_read_only_arrays_are_not_copied():
    X = np.ones((2, 3), np.float32)
    X.flags.writeable = False
    assert adamas.Spectra.from_array(X, [1, 2, 3]).intensity is X


def test_a_dataset_of_h5py_is_read_in_blocks(tmp_path):
    X = np.random.default_rng(1).random((50, 8))
    with h5py.File(tmp_path / "plain.h5", "w") as file:
        file["counts"] = X
    with h5py.File(tmp_path / "plain.h5") as file:
        adamas.Spectra.from_array(file["counts"], np.arange(1, 9)).write(tmp_path / "set.h5")
    assert np.array_equal(adamas.read(tmp_path / "set.h5").intensity, X.astype(np.float32))


def test_a_source_that_fails_says_so(tmp_path):
    class Broken:
        shape, dtype = (10, 3), np.dtype(float)

        def __getitem__(self, rows):
            raise RuntimeError("the disk is gone")

    with pytest.raises(adamas.DataError, match="RuntimeError: the disk is gone"):
        adamas.Spectra.from_array(Broken(), [1, 2, 3]).write(tmp_path / "set.h5")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong, says", [
    (lambda: adamas.Spectra.from_array(np.ones(3), [1, 2, 3]), "1 dimensions, 2 expected"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3)), [1, 2]), r"\(3,\) expected"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3), complex), [1, 2, 3]), "real numbers expected"),
    (lambda: adamas.Spectra.from_array(np.ones((0, 3)), [1, 2, 3]), "no shots"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3)), [1, 2, 3], specimen=["a", ""]), "shot 2 has no specimen"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3)), [1, 2, 3], specimen=["a"]), "1 rows, 2 expected"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3)), [1, 2, 3], specimen=["a", "a"], origin=["CAR", "DRC"]), "of specimen 'a' is 'DRC' at shot 2"),
    (lambda: adamas.Spectra.from_array(np.ones((2, 3)), [1, 2, 3], facts={"colour": "blue"}), "'colour' is no fact"),
])
def test_wrong_arrays_are_value_errors(wrong, says):
    with pytest.raises(ValueError, match=says):
        wrong()
