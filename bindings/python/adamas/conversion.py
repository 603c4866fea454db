"""Conversion of spectra to and from pandas and xarray, if they are installed."""
from typing import TYPE_CHECKING, Any

import numpy as np

from adamas.spectra import Spectra

if TYPE_CHECKING:
    import pandas
    import xarray

_shot_columns = ("specimen", "spot", "session", "shot")


def _columns_by_shot(spectra: Spectra) -> dict[str, np.ndarray]:
    """The columns of the tables of shots and of specimens, with one row per shot."""
    shots, specimens = spectra.columns("shots"), spectra.columns("specimens")
    row = {name: place for place, name in enumerate(specimens.pop("id"))}
    of = np.array([row[name] for name in shots["specimen"]])
    return {**shots, **{name: values[of] for name, values in specimens.items() if name not in shots}}


def _from_columns(intensity: Any, wavelength: Any, columns: dict[str, np.ndarray], facts: dict[str, Any]) -> Spectra:
    """Spectra of columns with one row per shot. A column that is constant within specimens describes specimens."""
    specimen = np.asarray(columns.get("specimen", np.arange(1, len(intensity) + 1))).astype(str)
    _, first, of = np.unique(specimen, return_index=True, return_inverse=True)
    shots, specimens = {}, {}
    for name, values in columns.items():
        values = np.asarray(values)
        missing = values != values
        same = np.all((values == values[first[of]]) | (missing & missing[first[of]]))
        if name not in _shot_columns and same and len(first) < len(specimen):
            specimens[name] = values[np.sort(first)]
        elif name in ("origin", "parcel", "mass_ct"):
            specimens[name] = values
        elif name != "specimen":
            shots[name] = values
    return Spectra.from_array(intensity, wavelength, specimen=specimen, shots=shots, specimens=specimens,
                              facts={name: str(value) for name, value in facts.items() if "/" in str(name)})


def to_pandas(spectra: Spectra) -> "pandas.DataFrame":
    """Convert spectra to a DataFrame.

    Parameters
    ----------
    spectra : Spectra

    Returns
    -------
    pandas.DataFrame
        One row per shot and one column per wavelength. The levels of the index are the columns of the shots and of
        their specimens; the facts are in ``attrs``.

    Examples
    --------
    >>> import adamas
    >>> frame = adamas.to_pandas(adamas.make_library())
    >>> frame.shape, list(frame.index.names)
    ((135, 200), ['specimen', 'origin'])
    """
    import pandas

    columns = _columns_by_shot(spectra)
    index = pandas.MultiIndex.from_arrays(list(columns.values()), names=list(columns))
    frame = pandas.DataFrame(spectra.intensity, index=index, columns=pandas.Index(spectra.wavelength, name="wavelength"))
    frame.attrs.update(spectra.facts)
    return frame


def from_pandas(frame: "pandas.DataFrame") -> Spectra:
    """Convert a DataFrame, as made by `to_pandas`, to spectra.

    Parameters
    ----------
    frame : pandas.DataFrame
        The names of the columns are wavelengths in nm. The levels of the index describe the shots or, if they are
        constant within each specimen, the specimens. Without a level ``specimen`` each shot is a specimen of its own.

    Returns
    -------
    Spectra

    Examples
    --------
    >>> import adamas
    >>> adamas.from_pandas(adamas.to_pandas(adamas.make_library()))
    <adamas.Spectra: 135 shots of 45 specimens, 200 channels>
    """
    columns = {str(name): frame.index.get_level_values(name).to_numpy() for name in frame.index.names if name is not None}
    return _from_columns(frame.to_numpy(), np.asarray(frame.columns, float), columns, dict(frame.attrs))


def to_xarray(spectra: Spectra) -> "xarray.DataArray":
    """Convert spectra to a DataArray.

    Parameters
    ----------
    spectra : Spectra

    Returns
    -------
    xarray.DataArray
        Intensity, with the dimensions ``spectrum_index`` and ``wavelength`` as in the file. The columns of the shots
        and of their specimens are coordinates; the facts are in ``attrs``.

    Examples
    --------
    >>> import adamas
    >>> array = adamas.to_xarray(adamas.make_library())
    >>> float(array.sel(wavelength=305)[0]) > 200
    True
    """
    import xarray

    coordinates: dict[str, Any] = {name: ("spectrum_index", values) for name, values in _columns_by_shot(spectra).items()}
    return xarray.DataArray(spectra.intensity, dims=("spectrum_index", "wavelength"), name="intensity",
                            coords={**coordinates, "wavelength": ("wavelength", spectra.wavelength, {"units": "nm"})}, attrs=dict(spectra.facts))


def from_xarray(array: "xarray.DataArray") -> Spectra:
    """Convert a DataArray, as made by `to_xarray`, to spectra.

    Parameters
    ----------
    array : xarray.DataArray
        An array of two dimensions; the second has the coordinate ``wavelength`` in nm. Coordinates of the first
        dimension are used as the levels of the index in `from_pandas`.

    Returns
    -------
    Spectra

    Examples
    --------
    >>> import adamas
    >>> adamas.from_xarray(adamas.to_xarray(adamas.make_library()))
    <adamas.Spectra: 135 shots of 45 specimens, 200 channels>
    """
    along = array.dims[0]
    columns = {str(name): values.to_numpy() for name, values in array.coords.items() if values.dims == (along,) and name != along}
    return _from_columns(array.to_numpy(), array.coords["wavelength"].to_numpy(), columns, dict(array.attrs))
