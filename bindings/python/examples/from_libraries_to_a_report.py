# %% [markdown]
# # From simulated libraries to a report
#
# Run it cell by cell in Jupyter or VS Code, or as a script:
# `python from_libraries_to_a_report.py LIBRARIES PARCEL OUTPUT`. LIBRARIES is a folder with one spectra set per origin,
# as written by `adamas-simulate`. The specimens are simulated: the results are not evidence about real ones.

# %%
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import StratifiedGroupKFold, cross_val_score
from sklearn.pipeline import make_pipeline

import adamas

folder, parcel, output = map(pathlib.Path, sys.argv[1:4])
output.mkdir(exist_ok=True)

# %% [markdown]
# ## The libraries
# Several files are used as one spectra set. The spectra are read from the files when they are needed.

# %%
lib = adamas.read(sorted(path for path in folder.glob("*.h5") if path != parcel))
print(lib)
print(lib.facts)
print(lib.specimens.groupby("origin").size() if hasattr(lib.specimens, "groupby") else lib.specimens["origin"])

# %% [markdown]
# ## Validation of a method
# Each locality is left out in turn, as a parcel can come from a locality that is not in the libraries.

# %%
method = "snip(40) | log1p(0.1) | epo | pca | twolevel"
clf = adamas.OriginClassifier(method).fit(lib)
validation = clf.validate(lib, leave="locality")
print(validation)
print(f"Cllr {validation.cllr:.3f}, accuracy {validation.accuracy:.3f}")

# %% [markdown]
# ## A score plot
# Scores of the mean spectra of the specimens on the first two components.

# %%
def means_of(spectra):
    """The mean preprocessed spectrum of each specimen."""
    rows = clf.model_.preprocess(spectra).intensity
    _, of = np.unique(spectra.columns("shots")["specimen"].astype(str), return_inverse=True)
    return np.array([rows[of == k].mean(axis=0) for k in range(of.max() + 1)])


def origins_of(spectra):
    table = spectra.columns("specimens")
    order = np.argsort(table["id"].astype(str))
    return np.array([path.split("/")[0] for path in table["origin"]])[order]


scores = (means_of(lib) - clf.mean_) @ clf.components_[:2].T
unknown = (means_of(adamas.read(parcel)) - clf.mean_) @ clf.components_[:2].T
origins = origins_of(lib)
figure, axes = plt.subplots(figsize=(6, 5), layout="constrained")
for name, marker in zip(clf.classes_, "osD"):
    axes.plot(*scores[origins == name].T, marker, alpha=0.6, label=name)
axes.plot(*unknown.T, "k+", markersize=9, label="parcel")
share = clf.explained_variance_ratio_
axes.set(xlabel=f"component 1 ({share[0]:.0%} of the variance)", ylabel=f"component 2 ({share[1]:.0%})",
         title="Simulated specimens: means of their shots")
axes.legend()
figure.savefig(output / "scores.png", dpi=150)

# %% [markdown]
# ## The parcel
# Jupyter displays a report as its HTML page.

# %%
report = clf.classify(parcel, declared="South Africa")
report.write(output / "report.html")
report.write(output / "report.json")
print(report)
print(report.shares)
print(report.specimens[["id", "answer"]][:10])

# %% [markdown]
# ## The same spectra in a scikit-learn pipeline

# %%
label = dict(zip(lib.specimens["id"], (path.split("/")[0] for path in lib.specimens["origin"])))
specimen = np.array(lib.shots["specimen"])
y = np.array([label[name] for name in specimen])
pipeline = make_pipeline(adamas.Preprocessor("snip(40) | sqrt | snv | pca(10)", wavelength=lib.wavelength), LinearDiscriminantAnalysis())
accuracy = cross_val_score(pipeline, lib.intensity, y, groups=specimen, cv=StratifiedGroupKFold(5))
print(f"accuracy of the pipeline for shots of specimens that were left out: {accuracy.mean():.3f}")
