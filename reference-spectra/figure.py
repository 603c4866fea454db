#!/usr/bin/python3
"""Draws the spectrum of one simulated diamond of each kind, with the names of lines and band heads.

    figure.py AIR_LIBRARY ARGON_LIBRARY OUT.png

The libraries are files of adamas-simulate. The mean of the shots of the first specimen of each kind is drawn.
"""
import sys

import h5py
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

KINDS = ["gem", "coated", "fluid-rich"]
NAMES = [
    (247.86, "C I"), (279.55, "Mg II"), (285.21, "Mg I"), (288.16, "Si I"), (358.6, "CN"), (388.34, "CN 388.34"),
    (393.37, "Ca II"), (396.85, ""), (421.6, "CN"), (473.7, "C$_2$"), (516.5, "C$_2$"), (563.6, "C$_2$"),
    (589.0, "Na I"), (656.28, r"H$\alpha$"), (711.3, "C I"), (746.83, "N I"), (766.5, "K I"), (777.3, "O I"),
    (811.5, "Ar I"), (833.51, "C I"), (868.03, "N I"),
]
ZOOMS = [
    ("CN violet", 382.5, 398.5,
     [(388.34, "0-0"), (387.14, "1-1"), (386.19, "2-2"), (393.37, "Ca II"), (396.85, "Ca II")]),
    ("Mg", 276, 290, [(279.55, "Mg II"), (280.27, ""), (285.21, "Mg I"), (288.16, "Si I")]),
    ("C$_2$ Swan", 505, 520, [(512.93, "1-1"), (516.52, "0-0")]),
    ("oxygen, argon, carbon", 760, 845, [(777.3, "O I"), (811.5, "Ar I"), (833.5, "C I"), (763.5, "Ar I")]),
]
COLOURS = {"gem in air": "#1f5fa8", "coated in air": "#c05a00", "fluid-rich in air": "#2c8a3d",
           "gem in argon": "#8a2c80"}


def strings(values):
    return [v.decode() if isinstance(v, bytes) else str(v) for v in values]


def column(group, name):
    found = []
    group.visititems(lambda path, item: found.append(item) if path.split("/")[-1] == name else None)
    return found[0][()]


def mean_spectra(path):
    """The wavelengths, and the mean spectrum of the first specimen of each kind."""
    with h5py.File(path) as f:
        entry = f["entry"]
        wavelength = entry["data/wavelength"][()]
        kind = strings(column(entry, "simulated_kind"))
        ids = strings(column(entry, "id"))
        shots = np.array(strings(shot_specimens(entry, ids)))
        rows = {k: np.flatnonzero(shots == ids[kind.index(k)]) for k in KINDS if k in kind}
        return wavelength, {k: entry["data/intensity"][r[0] : r[-1] + 1].mean(axis=0) for k, r in rows.items()}


def shot_specimens(entry, ids):
    """The specimen of each shot as an id: the column holds ids or indices."""
    values = column(entry, "specimen")
    return [ids[v] for v in values] if np.issubdtype(values.dtype, np.integer) else values


def mark(axes, places, wavelength, top):
    for nm, name in places:
        near = np.abs(wavelength - nm) < 0.4
        height = top[near].max()
        axes.annotate(name, (nm, height), (0, 6), textcoords="offset points", ha="center", fontsize=7.5, rotation=90)


def draw(wavelength, spectra, out):
    figure = plt.figure(figsize=(12, 12.5))
    places = figure.add_gridspec(6, 4, height_ratios=[1, 1, 1, 1, 0.12, 1.2], hspace=0.35, wspace=0.28)
    for i, (name, y) in enumerate(spectra.items()):
        axes = figure.add_subplot(places[i, :])
        axes.plot(wavelength, y, lw=0.6, color=COLOURS[name])
        axes.set_yscale("symlog", linthresh=300)
        axes.set_ylim(0, 3e6)
        axes.set_xlim(200, 900)
        axes.set_ylabel("counts")
        axes.text(0.995, 0.9, name, transform=axes.transAxes, ha="right", fontsize=10, color=COLOURS[name])
        mark(axes, [p for p in NAMES if y[np.abs(wavelength - p[0]) < 0.4].max() > 400], wavelength, y)
    axes.set_xlabel("wavelength in air, nm")
    for i, (title, low, high, names) in enumerate(ZOOMS):
        axes = figure.add_subplot(places[5, i])
        part = (wavelength > low) & (wavelength < high)
        for name, y in spectra.items():
            axes.plot(wavelength[part], y[part], lw=0.8, color=COLOURS[name])
        top = np.max(list(spectra.values()), axis=0)
        mark(axes, names, wavelength, top)
        axes.set_ylim(0, top[part].max() * 1.3)
        axes.set_title(title, fontsize=9)
        axes.tick_params(labelsize=7)
    figure.suptitle("Simulated diamond LIBS: synthetic reference spectra, not evidence", y=0.915, fontsize=11)
    figure.savefig(out, dpi=90, bbox_inches="tight")


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    wavelength, air = mean_spectra(sys.argv[1])
    _, argon = mean_spectra(sys.argv[2])
    spectra = {f"{k} in air": air[k] for k in KINDS if k in air}
    spectra["gem in argon"] = argon["gem"]
    draw(wavelength, spectra, sys.argv[3])


main()
