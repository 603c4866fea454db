"""The overhead of Python: the same work by Python and by overhead.c, on 20,000 x 8,192 float32. They run in turn, each
time in a new process.

  classify     OriginClassifier.classify: the evidence of 1,000 specimens of 20 shots
  preprocess   Preprocessor.fit and transform, into a new array of the size of the input (655 MB), which C allocates by
               malloc; once with pages of 4 KB as in C (NUMPY_MADVISE_HUGEPAGE=0), once with those of 2 MB that NumPy
               requests by default

usage: overhead.py PREFIX [N_SHOTS N_CHANNELS ROUNDS] (./run bench --python). Each process does the work three times. The
result is the minimum over all, of seconds and of processor seconds. The first time in a process is also printed: a
virtual machine may then have to request blocks of 2 MB from its host.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

import adamas

METHOD, CLASSIFYING = "snip(40) | snv", "snip(40) | snv | pca(20) | twolevel"
REPETITIONS = 3


def preprocess(method, X, w):
    out = adamas.Preprocessor(method, wavelength=w).fit(X).transform(X)
    return float(out.ravel()[out.size // 2 + 7])


def classify(model, X, w):
    clf = adamas.OriginClassifier.from_model(model)
    parcel = adamas.Spectra.from_array(X, w, specimen=np.arange(len(X)) // 20 + 1)
    return clf.classify(parcel, answer="specimens").columns("specimens")["probability/A"][7]


def child(task, argument, path, n_shots, n_channels, repetitions):
    """Do the work as overhead.c does, and print the same lines."""
    n_shots, n_channels = int(n_shots), int(n_channels)
    X = np.memmap(path, np.float32, "r", shape=(n_shots, n_channels))
    w = 200 + 0.1 * np.arange(n_channels)
    for _ in range(int(repetitions)):
        start, cpu = time.monotonic(), time.process_time()
        found = {"preprocess": preprocess, "classify": classify}[task](argument, X, w)
        print(f"{time.monotonic() - start:.4f} {time.process_time() - cpu:.4f} {found:.17g}")


def make_data(path, model, n_shots, n_channels):
    """Write spectra of random lines and noise, and a model of three origins to classify them."""
    random = np.random.default_rng(1)
    lines = np.exp(-0.5 * ((np.arange(n_channels) - random.uniform(0, n_channels, (30, 1))) / 3) ** 2)

    def rows(strength):
        return (1000 * strength @ lines + random.gamma(2, 100, (len(strength), n_channels))).astype(np.float32)

    with open(path, "wb") as file:
        for _ in range(0, n_shots, 500):
            file.write(rows(random.gamma(2, 1, (500, 30))).tobytes())
    origin = np.repeat(["A/1", "A/2", "A/3", "B/1", "B/2", "B/3", "C/1", "C/2", "C/3"], 6)
    strength = random.gamma(2, 1, (len(origin), 30)) + 3 * (np.arange(30) % 3 == np.arange(len(origin))[:, None] // 18)
    library = adamas.Spectra.from_array(rows(np.repeat(strength, 4, axis=0)), 200 + 0.1 * np.arange(n_channels),
                                        specimen=np.repeat(np.arange(len(origin)), 4), origin=origin)
    adamas.Model.train(CLASSIFYING, library).write(model)


def times(command, huge):
    environment = {**os.environ, "NUMPY_MADVISE_HUGEPAGE": huge}
    done = subprocess.run(list(map(str, command)), env=environment, check=True, capture_output=True, text=True)
    return [[float(value) for value in line.split()] for line in done.stdout.splitlines()]


def compare(task, huge, program, argument, data, n_shots, n_channels, rounds):
    arguments = [task, argument, data, n_shots, n_channels, REPETITIONS]
    c, python = [], []
    for _ in range(rounds):
        c.append(times([program, *arguments], huge))
        python.append(times([sys.executable, __file__, "child", *arguments], huge))
        assert c[-1][0][2] == python[-1][0][2], "results differ"
    for i, name in enumerate(("seconds", "processor seconds")):
        first, minimum = [[min(run[0][i] for run in runs) for runs in (c, python)],
                          [min(line[i] for run in runs for line in run) for runs in (c, python)]]
        print(f"{task}, pages of {'2 MB' if huge == '1' else '4 KB'}, {name}: C {minimum[0]:.3f}, Python {minimum[1]:.3f}, "
              f"{100 * (minimum[1] / minimum[0] - 1):+.1f} %; the first time in a process C {first[0]:.3f}, Python {first[1]:.3f}", flush=True)


def main(prefix, n_shots=20000, n_channels=8192, rounds=4):
    here = pathlib.Path(__file__).parent
    library = next(pathlib.Path(prefix).rglob("libadamas.so")).parent
    with tempfile.TemporaryDirectory() as folder:
        program, data, model = f"{folder}/overhead", f"{folder}/spectra.raw", f"{folder}/model.h5"
        subprocess.run(["cc", "-O2", here / "overhead.c", f"-I{prefix}/include", f"-L{library}", "-ladamas", f"-Wl,-rpath,{library}", "-o", program],
                       check=True)
        make_data(data, model, n_shots, n_channels)
        for task, huge, argument in (("classify", "0", model), ("preprocess", "0", METHOD), ("preprocess", "1", METHOD)):
            compare(task, huge, program, argument, data, n_shots, n_channels, rounds)


if __name__ == "__main__":
    if sys.argv[1] == "child":
        child(*sys.argv[2:])
    else:
        main(sys.argv[1], *map(int, sys.argv[2:]))
