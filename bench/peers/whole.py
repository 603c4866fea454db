"""whole.py FILE LIBRARY METHOD SPECTRA plain|expert: the whole way, once for each line on its standard input.

METHOD is the baseline: snip, arpls or savgol. A line of JSON answers each. `stages` for SPECTRA: each stage by itself."""
import json
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.fft
import steps

BLOCK = 32


def preprocess(x, reference, baseline):
    return steps.snv(steps.smooth(getattr(steps, baseline)(steps.align(x, reference))))


def plain(path, n, model):
    reference, baseline, pca, lda = model
    number, _ = steps.specimens(path, n)
    scores = pca.transform(preprocess(steps.read(path, n=n), reference, baseline))
    return lda.predict_proba(steps.by_specimen(scores, number))


def expert_block(x, reference_spectrum, factor, components, offset):
    """A block in float32 that stays in the cache; every spectrum of it is clipped at once."""
    n, w, lags = x.shape[1], steps.WINDOW, steps.LAGS
    spectrum = scipy.fft.rfft(x)
    correlation = scipy.fft.irfft(spectrum * reference_spectrum, n)
    shift = steps.find_shift(np.concatenate([correlation[:, -lags:], correlation[:, : lags + 1]], axis=1))
    aligned = scipy.fft.irfft(spectrum * steps.phases(shift, n), n)
    baseline = np.pad(aligned, ((0, 0), (w, w)), mode="edge")
    mean = np.empty_like(baseline)
    for half in range(w, 0, -1):
        np.add(baseline[:, : -2 * half], baseline[:, 2 * half :], out=mean[:, half:-half])
        mean[:, half:-half] *= np.float32(0.5)
        np.minimum(baseline[:, half:-half], mean[:, half:-half], out=baseline[:, half:-half])
    smooth = scipy.fft.irfft(scipy.fft.rfft(aligned - baseline[:, w:-w]) * factor, n)
    smooth -= smooth.mean(1, keepdims=True)
    return smooth @ components.T / smooth.std(1, keepdims=True) - offset


def expert(path, n, model):
    """Blocks on threads of Python: NumPy and SciPy let go of the interpreter while they work. SNIP alone."""
    reference, _, pca, lda = model
    number, _ = steps.specimens(path, n)
    conjugate = np.conj(scipy.fft.rfft(reference - reference.mean()))
    factor, offset = steps.smoothing_filter(len(reference)), pca.mean_ @ pca.components_.T
    scores = np.empty((n, len(pca.components_)), np.float32)

    def one(first):
        rows = slice(first, min(first + BLOCK, n))
        scores[rows] = expert_block(intensity[rows], conjugate, factor, pca.components_, offset)

    with steps.h5py.File(path) as file, ThreadPoolExecutor(steps.WORKERS) as pool:
        intensity = file["/entry/data/intensity"]
        list(pool.map(one, range(0, n, BLOCK)))
    return lda.predict_proba(steps.by_specimen(scores, number))


def train(library, baseline):
    number, origin = steps.specimens(library)
    x = steps.read(library)
    reference = x.mean(0)
    return reference, baseline, *steps.fit(preprocess(x, reference, baseline), number, origin)


def clock(function, *arguments, runs=3):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        function(*arguments)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def stages(path, gzip, library):
    """Each stage of the chemometrician by itself, on as many spectra as take some seconds."""
    reference, _, pca, _ = train(library, "snip")
    few = steps.read(path, n=200)
    some = steps.read(path, n=2000)
    for name, n, function, arguments in [
        ("read contiguous", 2000, steps.read, (path, 0, 2000)),
        ("read gzip+shuffle", 2000, steps.read, (gzip, 0, 2000)),
        ("align(0.3)", 2000, steps.align, (some, reference)),
        ("snip(40)", 200, steps.snip, (few,)),
        ("arpls(lam=1e6)", 200, steps.arpls, (few,)),
        ("savgol(11, 2, deriv=1)", 2000, steps.savgol, (some,)),
        ("whittaker(20)", 2000, steps.smooth, (some,)),
        ("snv", 2000, steps.snv, (some,)),
        ("pca(50)", 2000, pca.transform, (some,)),
    ]:
        print(json.dumps({"what": "peer stage", "name": name, "rate": n / clock(function, *arguments)}), flush=True)


def main():
    path, library, method, n, way = sys.argv[1:]
    if n == "stages":
        return stages(path, method, library)
    model, n = train(library, method), int(n)
    print(json.dumps({"what": "ready", "name": way}), flush=True)
    for _ in sys.stdin:
        seconds = clock(plain if way == "plain" else expert, path, n, model, runs=1)
        print(json.dumps({"what": way, "name": method, "spectra": n, "rate": n / seconds,
                          "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}), flush=True)


main()
