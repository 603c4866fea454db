"""pca.py MATRIX CHANNELS OURS: scikit-learn's PCA(50) of the same rows by its three solvers, and how much of the variance
each one's components capture short of the full one's, all in float64. OURS are the components of Adamas."""
import json
import sys
import time

import numpy as np
from sklearn.decomposition import PCA

matrix, channels, ours = sys.argv[1:]
rows = np.fromfile(matrix, np.float32).reshape(-1, int(channels))
components = np.fromfile(ours, np.float32).reshape(-1, int(channels))
centred = rows - rows.mean(0, dtype=float)
total = np.square(centred).sum()


def captured(basis):
    """The share of the variance within the span of these rows."""
    q, _ = np.linalg.qr(basis.T.astype(float))
    return np.square(centred @ q).sum() / total


def say(name, seconds, basis):
    print(json.dumps({"what": "peer pca", "name": name, "seconds": seconds, "short": exact - captured(basis)}), flush=True)


found = {}
for solver in ("full", "arpack", "randomized"):
    start = time.perf_counter()
    fitted = PCA(len(components), svd_solver=solver, random_state=1).fit(rows)
    found[solver] = time.perf_counter() - start, fitted.components_
values = np.linalg.eigvalsh(centred @ centred.T if len(rows) <= centred.shape[1] else centred.T @ centred)
exact = values[-len(components) :].sum() / total
for name, (seconds, basis) in found.items():
    say(name, seconds, basis)
say("ours", float("nan"), components)
