"""Preprocessing alone, against SciPy, and across instruments."""
import unittest

import h5py
import numpy as np

from harness import Case, shared


def snip(y, window):
    """SNIP with decreasing window as pybaselines has it, but for extrapolated ends that stay above the lowest channel."""
    n = y.size
    ends = [np.polyval(np.polyfit(np.arange(window), y[:window], 1), np.arange(-window, 0)),
            np.polyval(np.polyfit(np.arange(n - window, n), y[-window:], 1), np.arange(n, n + window))]
    b = np.concatenate([np.maximum(ends[0], y.min()), y, np.maximum(ends[1], y.min())])
    for half in range(window, 0, -1):
        b[half:-half] = np.minimum(b[half:-half], (b[:-2 * half] + b[2 * half:]) / 2)
    return b[window:-window]


class Preprocess(Case):
    def rows(self, name):
        with h5py.File(self.path(name)) as file:
            return file["/entry/data/intensity"][:].astype(float), file["/entry/data/wavelength"][:]

    def test_whittaker_is_the_banded_solution(self):
        from scipy.linalg import solveh_banded

        self.library("lib")
        y, _ = self.rows("lib.h5")
        n = y.shape[1]
        for lam in (0.5, 20, 1e4, 1e7):
            self.adamas("preprocess", "--method", f"whittaker(lam={lam:.10g})", "-o", "out.h5", "lib.h5")
            d0, d1 = np.full(n, 6.0), np.full(n, -4.0)
            d0[[0, -1]], d0[[1, -2]], d1[[1, -1]] = 1, 5, -2
            expected = solveh_banded(np.array([np.full(n, lam), lam * d1, 1 + lam * d0]), y.T).T
            np.testing.assert_allclose(self.rows("out.h5")[0], expected, atol=1e-6 * np.abs(y).max())

    def test_snip_and_snv(self):
        self.library("lib")
        y, _ = self.rows("lib.h5")
        self.adamas("preprocess", "--method", "snip(max_half_window=30) | snv", "-o", "out.h5", "lib.h5")
        found, _ = self.rows("out.h5")
        expected = np.array([row - snip(row, 30) for row in y])
        expected = (expected - expected.mean(1, keepdims=True)) / expected.std(1, keepdims=True)
        np.testing.assert_allclose(found, expected, atol=2e-5)
        np.testing.assert_allclose(found.mean(1), 0, atol=1e-6)
        np.testing.assert_allclose(found.std(1), 1, atol=1e-6)

    def test_crop_keeps_tables(self):
        self.library("lib")
        self.adamas("preprocess", "--method", "crop(310, 320) | area", "-o", "out.h5", "lib.h5")
        rows, axis = self.rows("out.h5")
        self.assertTrue(axis.min() >= 310 and axis.max() <= 320)
        with h5py.File(self.path("out.h5")) as out, h5py.File(self.path("lib.h5")) as lib:
            self.assertEqual(list(out["/entry/specimens/origin"]), list(lib["/entry/specimens/origin"]))

    def test_once_only(self):
        self.library("lib")
        self.adamas("train", "-o", "model.h5", "--method", "snip | snv | pca(2) | twolevel", "lib.h5")
        self.adamas("preprocess", "-m", "model.h5", "-o", "out.h5", "lib.h5")
        self.refused("classify", "-m", "model.h5", "-o", "r.json", "out.h5", output="r.json", says="already preprocessed")
        self.refused("preprocess", "-m", "model.h5", "-o", "again.h5", "out.h5", output="again.h5", says="already preprocessed")
        self.refused("train", "-o", "other.h5", "out.h5", output="other.h5", says="already preprocessed")

    def test_fitted_steps_need_a_model(self):
        self.library("lib")
        self.refused("preprocess", "--method", "align | snv", "-o", "out.h5", "lib.h5", says="fitted to training spectra")

    def instrument(self, name, *files):
        self.adamas("import", "-o", name, "--specimen", r"(loc\d|pulse)", "--interpolate",
                    *(shared("data", "bhvo2", f) for f in files))

    def test_one_rock_on_three_instruments(self):
        self.instrument("chemcam.h5", *(f"chemcam_bhvo2_loc{i}_spectrum.csv" for i in (1, 2, 3, 4)))
        self.instrument("supercam.h5", "supercam_1545mm_loc1_spectrum.csv", "supercam_1545mm_loc2_spectrum.csv")
        self.instrument("csa.h5", "csa_bhvo2_1000pulse_spectrum.csv", "csa_bhvo2_200pulse_spectrum.csv")
        self.adamas("train", "-o", "model.h5", "--method", "align(0.3) | snip(40) | snv", "chemcam.h5")
        self.adamas("preprocess", "-m", "model.h5", "-o", "own.h5", "chemcam.h5")
        self.adamas("preprocess", "-m", "model.h5", "-o", "other.h5", "csa.h5")
        own, axis = self.rows("own.h5")
        other, same_axis = self.rows("other.h5")
        np.testing.assert_array_equal(axis, same_axis)
        self.assertTrue(np.isfinite(other).all())
        for line in (393.366, 396.847, 422.673):  # Ca II, Ca II, Ca I: the rock's own lines stand where they should
            near = np.flatnonzero(abs(axis - line) < 0.6)
            for rows in (own, other):
                self.assertLess(abs(axis[near[rows.mean(0)[near].argmax()]] - line), 0.25, line)
        self.refused("preprocess", "-m", "model.h5", "-o", "out.h5", "supercam.h5",
                     says=["supercam.h5", "240.811-243.222", "465.09125-469.08975", "missing"])
        self.adamas("train", "-o", "model.h5", "--method", "snv", "supercam.h5")
        self.refused("preprocess", "-m", "model.h5", "-o", "out.h5", "chemcam.h5", says=["chemcam.h5", "missing"])


if __name__ == "__main__":
    unittest.main()
