"""A small synthetic library for examples."""
from collections.abc import Sequence

import numpy as np

from adamas.spectra import Spectra


def make_library(origins: Sequence[str] = ("A", "B", "C"), *, localities: Sequence[str] = ("west", "middle", "east"), specimens: int = 5,
                 shots: int = 3, channels: int = 200, seed: int = 1) -> Spectra:
    """Make a synthetic library: emission lines, whose intensities depend on the origin, on a continuum.

    The library is marked as synthetic.

    Parameters
    ----------
    origins : sequence of str
        Names of the origins. The intensities of the lines of an origin depend on its name.
    localities : sequence of str
        Names of the localities of each origin. Their lines differ slightly.
    specimens : int
        Number of specimens of each locality.
    shots : int
        Number of shots of each specimen.
    channels : int
        Number of channels, 1 nm apart, from 300 nm.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    Spectra
        A spectra set over an array of float32.

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
            mean = (1 + 0.6 * np.sin(np.arange(12) * (number + 1) + number)) * np.exp(0.05 * random.standard_normal(12))
            for specimen in range(specimens):
                own = mean * np.exp(0.08 * random.standard_normal(12))
                ids += [f"{origin}-{locality}-{specimen + 1}"] * shots
                paths += [f"{origin}/{locality}"] * shots
                spectra = 1000 * own * np.exp(0.04 * random.standard_normal((shots, 12))) @ lines
                rows.append(spectra + 200 + 5 * random.standard_normal((shots, channels)))
    return Spectra.from_array(np.concatenate(rows).astype(np.float32), wavelength, specimen=ids, origin=paths,
                              facts={"provenance/synthetic": "yes"})
