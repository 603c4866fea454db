"""What calling through Python costs: the same preprocessing of 20,000 x 8,192 float32 by Preprocessor and by overhead.c, in turn.

NumPy asks for huge pages for its large arrays; where the kernel must first compact memory for them, a result of 650 MB costs up to a
third of a second, whoever fills it. That is not the calls' and is switched off here (NUMPY_MADVISE_HUGEPAGE=0).

usage: overhead.py PREFIX [N_SHOTS N_CHANNELS REPETITIONS]; the least of the repetitions counts, of seconds and of processor seconds.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ["NUMPY_MADVISE_HUGEPAGE"] = "0"  # read when NumPy is imported

import numpy as np

import adamas

METHOD = "snip(40) | snv"


def by_python(path, n_shots, n_channels):
    X = np.memmap(path, np.float32, "r", shape=(n_shots, n_channels))
    w = 200 + 0.1 * np.arange(n_channels)
    start, cpu = time.monotonic(), time.process_time()
    out = adamas.Preprocessor(METHOD, wavelength=w).fit(X).transform(X)
    return time.monotonic() - start, time.process_time() - cpu, float(out.ravel()[out.size // 2 + 7])


def main(prefix, n_shots=20000, n_channels=8192, repetitions=5):
    here = pathlib.Path(__file__).parent
    library = next(pathlib.Path(prefix).rglob("libadamas.so")).parent
    with tempfile.TemporaryDirectory() as folder:
        program, data = f"{folder}/overhead", f"{folder}/spectra.raw"
        subprocess.run(["cc", "-O2", here / "overhead.c", f"-I{prefix}/include", f"-L{library}", "-ladamas", f"-Wl,-rpath,{library}", "-o", program],
                       check=True)
        with open(data, "wb") as file:
            random = np.random.default_rng(1)
            for _ in range(0, n_shots, 500):
                file.write(random.gamma(2, 100, (500, n_channels)).astype(np.float32).tobytes())
        c, python = [], []
        for _ in range(repetitions):
            done = subprocess.run([program, data, str(n_shots), str(n_channels), METHOD], check=True, capture_output=True, text=True)
            c.append([float(value) for value in done.stdout.split()])
            python.append(by_python(data, n_shots, n_channels))
            assert abs(c[-1][2] - python[-1][2]) < 1e-6
            print("C", c[-1][:2], "Python", python[-1][:2], flush=True)
    for place, what in enumerate(("seconds", "processor seconds")):
        least = [min(row[place] for row in rows) for rows in (c, python)]
        print(f"{what}: C {least[0]:.3f}, Python {least[1]:.3f}, {100 * (least[1] / least[0] - 1):+.2f} %")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
