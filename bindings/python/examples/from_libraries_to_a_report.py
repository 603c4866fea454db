# %% [markdown]
# # From simulated libraries to a report
#
# Run it cell by cell in Jupyter or VS Code, or whole: `python from_libraries_to_a_report.py LIBRARIES PARCEL OUTPUT`, where LIBRARIES is a
# folder with a spectra set an origin, as `adamas-simulate` writes them. The stones are simulated: they are no evidence of anything.

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
# Several files look like one spectra set; the spectra stay in the files until they are wanted.

# %%
lib = adamas.read(sorted(path for path in folder.glob("*.h5") if path != parcel))
print(lib)
print(lib.facts)
print(lib.specimens.groupby("origin").size() if hasattr(lib.specimens, "groupby") else lib.specimens["origin"])

# %% [markdown]
# ## A method, validated
# Whole localities are left out in turn: the next parcel comes from a place that no library holds.

# %%
method = "snip(40) | sqrt | snv | pca | twolevel"
clf = adamas.OriginClassifier(method).fit(lib)
validation = clf.validate(lib, leave="locality")
print(validation)
print(f"Cllr {validation.cllr:.3f}, accuracy {validation.accuracy:.3f}")

# %% [markdown]
# ## A score plot
# Scores of the specimens' means on the first two components.

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
         title="Simulated stones: means of their shots")
axes.legend()
figure.savefig(output / "scores.png", dpi=150)

# %% [markdown]
# ## The parcel
# In Jupyter a report shows itself as its page.

# %%
report = clf.classify(parcel, declared="South Africa")
report.write(output / "report.html")
report.write(output / "report.json")
print(report)
print(report.shares)
print(report.specimens[["id", "answer"]][:10])

# %% [markdown]
# ## The same spectra in a pipeline of one's own

# %%
label = dict(zip(lib.specimens["id"], (path.split("/")[0] for path in lib.specimens["origin"])))
stones = np.array(lib.shots["specimen"])
y = np.array([label[name] for name in stones])
own = make_pipeline(adamas.Preprocessor("snip(40) | sqrt | snv | pca(10)", wavelength=lib.wavelength), LinearDiscriminantAnalysis())
right = cross_val_score(own, lib.intensity, y, groups=stones, cv=StratifiedGroupKFold(5))
print(f"shots named rightly by the pipeline, their stones left out: {right.mean():.3f}")
