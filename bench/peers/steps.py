"""The steps as a good chemometrician writes them with h5py, SciPy, pybaselines and scikit-learn; whole arrays, all threads.

pybaselines is not in Debian: if Python cannot import it, its snip and arpls stand here in NumPy and SciPy, after their
definition and in its way: one spectrum after the other, each vectorised along the spectrum, in float64."""
import os

import h5py
import numpy as np
import scipy.fft
import scipy.linalg
import scipy.signal
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

try:
    import pybaselines
except ImportError:
    pybaselines = None

WORKERS, LAGS, WINDOW, LAM = os.cpu_count(), 8, 40, 20
BASELINES = "pybaselines" if pybaselines else "NumPy and SciPy after pybaselines' definition"


def read(path, first=0, n=None):
    with h5py.File(path) as file:
        return file["/entry/data/intensity"][first : None if n is None else first + n]


def specimens(path, n=None):
    """Of each spectrum the specimen's number, and of each specimen the origin."""
    with h5py.File(path) as file:
        ids = file["/entry/shots/specimen"].asstr()[:n]
        origin = dict(zip(file["/entry/specimens/id"].asstr()[:], file["/entry/specimens/origin"].asstr()[:]))
    names, number = np.unique(ids, return_inverse=True)
    return number, np.array([origin[name] for name in names])


def smoothing_filter(n):
    """Whittaker's smoother of order 2 on a circle is this factor of each coefficient."""
    return (1 / (1 + LAM * (2 - 2 * np.cos(2 * np.pi * np.arange(n // 2 + 1) / n)) ** 2)).astype(np.float32)


def smooth(x):
    return scipy.fft.irfft(scipy.fft.rfft(x, workers=WORKERS) * smoothing_filter(x.shape[1]), x.shape[1], workers=WORKERS)


def find_shift(correlation):
    """Where the peak among the lags is, by a parabola through its three highest points; rows[2 LAGS + 1]."""
    best = np.clip(correlation.argmax(1), 1, 2 * LAGS - 1)
    left, middle, right = (correlation[np.arange(len(best)), best + d] for d in (-1, 0, 1))
    bend = left - 2 * middle + right
    return best - LAGS + np.where(bend < 0, (left - right) / (2 * np.where(bend < 0, bend, 1)), 0)


def phases(shift, n):
    return np.exp(2j * np.pi / n * np.outer(shift, np.arange(n // 2 + 1))).astype(np.complex64)


def align(x, reference):
    """Cross-correlation by FFT, then the phases that move a row by a part of a channel."""
    n = x.shape[1]
    spectrum = scipy.fft.rfft(x, workers=WORKERS)
    correlation = scipy.fft.irfft(spectrum * np.conj(scipy.fft.rfft(reference - reference.mean())), n, workers=WORKERS)
    shift = find_shift(np.concatenate([correlation[:, -LAGS:], correlation[:, : LAGS + 1]], axis=1))
    return scipy.fft.irfft(spectrum * phases(shift, n), n, workers=WORKERS)


def snip_row(y):
    w = WINDOW
    ends = np.arange(w)
    before = np.polynomial.Polynomial.fit(ends, y[:w], 1)(ends - w)
    after = np.polynomial.Polynomial.fit(ends, y[-w:], 1)(ends + w)
    baseline = np.concatenate([before, y, after]).astype(float)
    for half in range(w, 0, -1):
        middle = baseline[half:-half]
        baseline[half:-half] = np.minimum(middle, 0.5 * (baseline[: -2 * half] + baseline[2 * half :]))
    return baseline[w:-w]


def penalty(n, lam):
    """lam D'D of second differences, its lower band."""
    band = np.zeros((3, n))
    band[0], band[1], band[2] = 6, -4, 1
    band[0, [0, -1]], band[0, [1, -2]], band[1, [0, -2]] = 1, 5, -2
    return lam * band


def arpls_row(y, band, tolerance=1e-3, most=50):
    y = y.astype(float)
    weight = np.ones_like(y)
    for _ in range(most + 1):
        left = band.copy()
        left[0] += weight
        z = scipy.linalg.solveh_banded(left, weight * y, lower=True, overwrite_ab=True, check_finite=False)
        d = y - z
        negative = d[d < 0]
        deviation = negative.std(ddof=1)
        new = 1 / (1 + np.exp(np.clip(2 * (d - (2 * deviation - negative.mean())) / deviation, -500, 500)))
        if np.linalg.norm(new - weight) < tolerance * np.linalg.norm(weight):
            break
        weight = new
    return z


def snip(x):
    fitter = pybaselines.Baseline() if pybaselines else None
    one = (lambda y: fitter.snip(y, max_half_window=WINDOW, decreasing=True)[0]) if pybaselines else snip_row
    return x - np.array([one(y) for y in x], dtype=np.float32)


def arpls(x):
    fitter, band = pybaselines.Baseline() if pybaselines else None, penalty(x.shape[1], 1e6)
    one = (lambda y: fitter.arpls(y, lam=1e6)[0]) if pybaselines else lambda y: arpls_row(y, band)
    return x - np.array([one(y) for y in x], dtype=np.float32)


def savgol(x):
    return scipy.signal.savgol_filter(x, 11, 2, deriv=1, axis=1)


def snv(x):
    return (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)


def by_specimen(rows, number):
    """The mean of each specimen's rows."""
    sums = np.zeros((number.max() + 1, rows.shape[1]))
    np.add.at(sums, number, rows)
    return sums / np.bincount(number)[:, None]


def fit(x, number, origin, components=50):
    """PCA and LDA of preprocessed spectra."""
    pca = PCA(components, svd_solver="full").fit(by_specimen(x, number))
    pca.components_, pca.mean_ = pca.components_.astype(np.float32), pca.mean_.astype(np.float32)
    return pca, LinearDiscriminantAnalysis().fit(by_specimen(pca.transform(x), number), origin)
