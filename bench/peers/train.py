"""train.py LIBRARY OUTER_MEASURED specimens|shots: the protocol of `adamas train` with snip(40) | snv | pca | twolevel, in
scikit-learn.

Adamas chooses the number of components in 5 inner folds by log loss; then it fits anew without each of 12 folds, whose
specimens the evidence stands on, and once to all. Folds are of specimens. So there are 5 + 12 + 1 fits. Preprocessing is done
once, as nothing in it is fitted. A fit is PCA of the training specimens' mean spectra (or of their shots), by the full solver
(of shots by the randomized one, which is not exact), and LDA with shrinkage (lsqr, auto) of the specimens' mean scores, in
the inner folds for each of 22 numbers of components, which share one PCA: a GridSearchCV of a Pipeline would fit it 22 times.
Only OUTER_MEASURED of the 12 + 1 are run; the others are reckoned to take as long."""
import json
import sys
import time

import numpy as np
import steps
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

GRID = [*range(1, 11), 12, 14, 16, 18, 20, 25, 30, 35, 40, 45, 50, 60]
library, outer, of = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def components(x, number, inside, most):
    if of == "shots":
        return PCA(most, svd_solver="randomized", random_state=1).fit(x[np.isin(number, inside)])
    return PCA(most, svd_solver="full").fit(steps.by_specimen(x, number)[inside])


def discriminant(points, origin):
    return LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto").fit(points, origin)


def one_fold(x, number, origin, inside, grid):
    points = steps.by_specimen(components(x, number, inside, max(grid)).transform(x), number)
    outside = np.setdiff1d(np.arange(len(origin)), inside)
    return [log_loss(origin[outside], discriminant(points[inside, :k], origin[inside]).predict_proba(points[outside, :k]),
                     labels=np.unique(origin)) for k in grid]


def folds(n, origin):
    return [inside for inside, _ in StratifiedKFold(n, shuffle=True, random_state=1).split(origin, origin)]


start = time.perf_counter()
number, origin = steps.specimens(library)
x = steps.snv(steps.snip(steps.read(library)))
prepared = time.perf_counter()
losses = np.mean([one_fold(x, number, origin, inside, GRID) for inside in folds(5, origin)], axis=0)
best = GRID[int(losses.argmin())]
chosen = time.perf_counter()
for inside in folds(12, origin)[:outer]:
    one_fold(x, number, origin, inside, [best])
each = (time.perf_counter() - chosen) / outer
print(json.dumps({"what": "peer train", "name": of, "seconds": chosen - start + 13 * each, "preprocessing":
                  prepared - start, "inner": chosen - prepared, "outer_fold": each, "measured": outer, "components": best}))
