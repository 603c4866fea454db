"""Exceptions. The message is that of the library: the file, the place in it, what was found and what was expected.

Errors of the operating system are raised as the `OSError` that Python itself would raise (`FileNotFoundError`,
`PermissionError`, ...), failed allocations as `MemoryError`, and invalid arguments as `ValueError`.
"""
import errno
import os

from adamas._library import ffi, lib


class FormatError(ValueError):
    """A file is not valid: it is truncated, has another format, or lacks a field.

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
    """The text of a method is not valid. The message gives the column.

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
    """A wavelength axis cannot be used: it is not increasing, not finite, or does not cover the range needed.

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
    """The data are not sufficient for the request, for example too few specimens or no origins.

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
    """The progress function of the caller cancelled the call. (Ctrl-C raises `KeyboardInterrupt`.)

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
    """The exception that corresponds to an adamas_error."""
    message = ffi.string(error.message).decode("utf-8", "replace")
    if error.code == lib.ADAMAS_E_FILE:
        return _os_error(message)
    return _types.get(error.code, RuntimeError)(message)


def _os_error(message: str) -> OSError:
    """The OSError with its errno, which is found by the text of strerror at the end of the message."""
    words = message.rsplit(": ", 1)[-1]
    for number in errno.errorcode:
        if os.strerror(number) == words:
            return OSError(number, message)
    return OSError(message)
