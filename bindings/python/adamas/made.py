"""A small made-up library, for examples and for trying things out."""
from collections.abc import Sequence

import numpy as np

from adamas.spectra import Spectra


def make_library(origins: Sequence[str] = ("A", "B", "C"), *, localities: Sequence[str] = ("west", "middle", "east"), specimens: int = 5,
                 shots: int = 3, channels: int = 200, seed: int = 1) -> Spectra:
    """Made-up spectra of specimens from a few origins: emission lines on a continuum. It is marked as synthetic.

    Parameters
    ----------
    origins : sequence of str
        The origins; an origin's name decides how strong its lines are.
    localities : sequence of str
        Of each origin; their lines differ a little.
    specimens : int
        Of each locality.
    shots : int
        At each specimen.
    channels : int
        At whole nm from 300 on.
    seed : int
        Of every random draw.

    Returns
    -------
    Spectra
        Over an array of float32.

    Examples
    --------
    >>> import adamas
    >>> adamas.make_library(["CAR", "DRC"], specimens=2)
    <adamas.Spectra: 36 shots of 12 specimens, 200 channels>
    """
    random = np.random.default_rng(seed)
    wavelength = 300 + np.arange(channels, dtype=float)
    centres = np.linspace(wavelength[5], wavelength[-6], 12)
    lines = np.exp(-0.5 * ((wavelength - centres[:, None]) / 1.5) ** 2)
    rows, ids, paths = [], [], []
    for origin in origins:
        number = sum(origin.encode()) % 7
        for locality in localities:
            place = (1 + 0.6 * np.sin(np.arange(12) * (number + 1) + number)) * np.exp(0.05 * random.standard_normal(12))
            for stone in range(specimens):
                own = place * np.exp(0.08 * random.standard_normal(12))
                ids += [f"{origin}-{locality}-{stone + 1}"] * shots
                paths += [f"{origin}/{locality}"] * shots
                spectra = 1000 * own * np.exp(0.04 * random.standard_normal((shots, 12))) @ lines
                rows.append(spectra + 200 + 5 * random.standard_normal((shots, channels)))
    return Spectra.from_array(np.concatenate(rows).astype(np.float32), wavelength, specimen=ids, origin=paths,
                              facts={"provenance/synthetic": "yes"})
