"""What can go wrong, as exceptions. Each bears the engine's own line: which file, where in it, what was found, what was expected.

A file that the system refuses is an `OSError` of the kind that Python itself would raise (`FileNotFoundError`, `PermissionError`, ...),
memory that cannot be had a `MemoryError`, a wrong argument a `ValueError`.
"""
import errno
import os

from adamas._library import ffi, lib


class FormatError(ValueError):
    """A file is not what it should be: truncated, of another format, a field missing.

    Examples
    --------
    >>> import adamas, pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "notes.h5")
    >>> _ = path.write_text("no spectra here")
    >>> try:
    ...     adamas.read(path)
    ... except adamas.FormatError as error:
    ...     print(str(error).endswith("not an HDF5 file"))
    True
    """


class MethodError(ValueError):
    """The method text is wrong; the message names the column.

    Examples
    --------
    >>> import adamas
    >>> try:
    ...     adamas.Method("snip(40) | snw")
    ... except adamas.MethodError as error:
    ...     print(str(error)[:40])
    method, column 12: there is no step 'snw
    """


class AxisError(ValueError):
    """A wavelength axis does not serve: not rising, not finite, or a range that is not covered.

    Examples
    --------
    >>> import adamas, numpy
    >>> try:
    ...     adamas.Spectra.from_array(numpy.ones((1, 2)), wavelength=[300, 300])
    ... except adamas.AxisError as error:
    ...     print(error)
    spectra in memory: channels 1 and 2 have the same wavelength, 300 nm
    """


class DataError(ValueError):
    """The data cannot answer what was asked: too few specimens, no origins.

    Examples
    --------
    >>> import adamas
    >>> try:
    ...     adamas.Model.train("snv | pca | twolevel", adamas.make_library(origins=["A"]))
    ... except adamas.DataError as error:
    ...     print("at least 2 expected" in str(error))
    True
    """


class Cancelled(Exception):
    """The caller's progress function asked to stop; Ctrl-C is a `KeyboardInterrupt`.

    Examples
    --------
    >>> import adamas
    >>> try:
    ...     adamas.Model.train("snv | pca | twolevel", adamas.make_library(), progress=lambda stage, done, total: True)
    ... except adamas.Cancelled as error:
    ...     print(str(error).split(" while ")[0])
    cancelled
    """


_types: dict[int, type[Exception]] = {
    lib.ADAMAS_E_ARGUMENT: ValueError,
    lib.ADAMAS_E_MEMORY: MemoryError,
    lib.ADAMAS_E_FORMAT: FormatError,
    lib.ADAMAS_E_METHOD: MethodError,
    lib.ADAMAS_E_AXIS: AxisError,
    lib.ADAMAS_E_DATA: DataError,
    lib.ADAMAS_E_CANCELLED: Cancelled,
}


def exception_of(error: ffi.CData) -> Exception:
    """The exception for a filled adamas_error."""
    message = ffi.string(error.message).decode("utf-8", "replace")
    if error.code == lib.ADAMAS_E_FILE:
        return _refused(message)
    return _types.get(error.code, RuntimeError)(message)


def _refused(message: str) -> OSError:
    """The interface does not give the system's number, but its message ends in the system's words for it."""
    words = message.rsplit(": ", 1)[-1]
    for number in errno.errorcode:
        if os.strerror(number) == words:
            return OSError(number, message)
    return OSError(message)
