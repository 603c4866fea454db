"""Preprocessing: comparison with SciPy, and spectra of several instruments."""

import h5py
import numpy as np

from harness import Case, data_files, main


def snip(y, window):
    """SNIP with decreasing window as in pybaselines, except that extrapolated ends are at least the lowest channel."""
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

    def test_filters_are_scipy_s(self):
        from scipy.ndimage import gaussian_filter1d
        from scipy.signal import savgol_filter

        self.library("lib")
        y, _ = self.rows("lib.h5")
        for method, expected in (("savgol", savgol_filter(y, 11, 2)), ("savgol(25, 4)", savgol_filter(y, 25, 4)),
                                 ("savgol(9, 3, deriv=1)", savgol_filter(y, 9, 3, deriv=1)),
                                 ("savgol(15, 3, deriv=2)", savgol_filter(y, 15, 3, deriv=2)),
                                 ("savgol(399, 5)", savgol_filter(y, 399, 5)),
                                 ("gaussian", gaussian_filter1d(y, 1)), ("gaussian(2.5)", gaussian_filter1d(y, 2.5)),
                                 ("gaussian(200)", gaussian_filter1d(y, 200)),
                                 ("log1p", np.sign(y) * np.log1p(np.abs(y))),
                                 ("log1p(0.1)", np.sign(y) * np.log1p(10 * np.abs(y) / np.abs(y).mean(1, keepdims=True))),
                                 ("minmax", (y - y.min(1, keepdims=True)) / np.ptp(y, 1, keepdims=True))):
            self.adamas("preprocess", "--method", method, "-o", "out.h5", "lib.h5")
            np.testing.assert_allclose(self.rows("out.h5")[0], expected, atol=1e-6 * np.abs(y).max(), err_msg=method)

    def test_masked_channels_are_gone_and_the_others_are_what_they_were(self):
        from scipy.signal import savgol_filter

        self.library("lib")
        y, axis = self.rows("lib.h5")
        left, right = axis < 315, axis > 317
        kept = left | right
        for method in ("mask(315, 317) | savgol", "snip(30) | mask(315, 317) | savgol"):
            self.adamas("preprocess", "--method", method, "-o", "out.h5", "lib.h5")
            found, new_axis = self.rows("out.h5")
            np.testing.assert_array_equal(new_axis, axis[kept])
            with h5py.File(self.path("out.h5")) as out:
                self.assertEqual(list(out["/entry/detector_segments"]), [0, left.sum()])
        before = np.array([row - snip(row, 30) for row in y])
        expected = np.hstack([savgol_filter(before[:, left], 11, 2), savgol_filter(before[:, right], 11, 2)])
        np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(y).max())

    def test_msc_fits_to_the_training_mean(self):
        self.library("lib")
        self.library("other", seed=2)
        y, _ = self.rows("lib.h5")
        x, _ = self.rows("other.h5")
        self.adamas("train", "-o", "model.h5", "--method", "sqrt | msc", "lib.h5")
        self.adamas("preprocess", "-m", "model.h5", "-o", "out.h5", "other.h5")
        reference = np.sqrt(y).mean(0)
        fits = [np.polyfit(reference, row, 1) for row in np.sqrt(x)]
        expected = np.array([(row - a) / b for row, (b, a) in zip(np.sqrt(x), fits)])
        np.testing.assert_allclose(self.rows("out.h5")[0], expected, atol=1e-5 * reference.max())
        self.refused("preprocess", "--method", "msc", "-o", "no.h5", "lib.h5", output="no.h5", says="fitted to training spectra")

    def test_windows_that_do_not_fit_are_refused(self):
        self.library("lib")
        for method, says in (("savgol(10)", ["window_length is 10", "odd"]), ("savgol(5, 5)", ["polyorder is 5"]),
                             ("savgol(401)", ["300-340 nm", "400 channels"]),
                             ("mask(300, 340)", ["0 channels left", "300-340 nm"])):
            self.refused("preprocess", "--method", method, "-o", "out.h5", "lib.h5", says=says)

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
                    *data_files(*(f"bhvo2/{f}" for f in files)))

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
        for line in (393.366, 396.847, 422.673):  # Ca II, Ca II, Ca I: lines of the rock at their wavelengths
            near = np.flatnonzero(abs(axis - line) < 0.6)
            for rows in (own, other):
                self.assertLess(abs(axis[near[rows.mean(0)[near].argmax()]] - line), 0.25, line)
        self.refused("preprocess", "-m", "model.h5", "-o", "out.h5", "supercam.h5",
                     says=["supercam.h5", "240.811-243.222", "465.09125-469.08975", "missing"])
        self.adamas("train", "-o", "model.h5", "--method", "snv", "supercam.h5")
        self.refused("preprocess", "-m", "model.h5", "-o", "out.h5", "chemcam.h5", says=["chemcam.h5", "missing"])


if __name__ == "__main__":
    main()
