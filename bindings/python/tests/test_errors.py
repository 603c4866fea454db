"""The exceptions for errors, with the message of the library."""
import errno
import os

import numpy as np
import pytest

import adamas
from adamas import _engine
from adamas._library import ffi, lib
from adamas.errors import exception_of


def test_a_file_that_is_not_there():
    with pytest.raises(FileNotFoundError, match="/no/such.h5") as caught:
        adamas.read("/no/such.h5")
    assert caught.value.errno == errno.ENOENT


@pytest.mark.parametrize("function", [lambda p: adamas.Model.read(p), lambda p: adamas.file_kind(p), lambda p: adamas.file_sha256(p),
                                      lambda p: adamas.OriginClassifier.from_model(p)])
def test_everything_that_reads_says_the_same(function):
    with pytest.raises(FileNotFoundError):
        function("/no/such.h5")


def test_a_folder_that_is_not_there(made):
    with pytest.raises(FileNotFoundError):
        made.write("/no/such/set.h5")


def test_a_folder_is_not_a_file(made, tmp_path):
    with pytest.raises((IsADirectoryError, OSError)):
        adamas.read(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root has all permissions")
def test_a_folder_that_is_forbidden(made, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(PermissionError):
        made.write(tmp_path / "set.h5")


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EISDIR])
def test_errno_is_found(number):
    error = ffi.new("adamas_error *")
    error.code = lib.ADAMAS_E_FILE
    error.message = f"set.h5: cannot write: {os.strerror(number)}".encode()
    found = exception_of(error)
    assert type(found) is type(OSError(number, "")) and found.errno == number and "set.h5: cannot write" in str(found)


@pytest.mark.parametrize("code, kind", [("MEMORY", MemoryError), ("ARGUMENT", ValueError), ("FORMAT", adamas.FormatError),
                                        ("METHOD", adamas.MethodError), ("AXIS", adamas.AxisError), ("DATA", adamas.DataError),
                                        ("CANCELLED", adamas.Cancelled)])
def test_every_code_has_its_exception(code, kind):
    error = ffi.new("adamas_error *")
    error.code = getattr(lib, f"ADAMAS_E_{code}")
    error.message = b"what was found"
    found = exception_of(error)
    assert type(found) is kind and str(found) == "what was found"


def test_every_code_of_the_header_is_known():
    codes = {name for name in dir(lib) if name.startswith("ADAMAS_E_")}
    assert codes == {f"ADAMAS_E_{name}" for name in "ARGUMENT MEMORY FILE FORMAT METHOD AXIS DATA CANCELLED".split()}


def test_out_of_memory():
    class Endless:
        shape, dtype = (2**44, 16), np.dtype(float)

        def __getitem__(self, rows):
            return np.ones((rows.stop - rows.start, 16))

    endless = adamas.Spectra([adamas.spectra._part_of_array(Endless(), np.arange(1.0, 17))])
    with pytest.raises(MemoryError):
        endless.rows(0, 2**44)


def test_a_file_of_another_kind(made, tmp_path, fitted):
    fitted.model_.write(tmp_path / "model.h5")
    with pytest.raises(adamas.FormatError, match="model.h5: a model, a spectra set expected"):
        adamas.read(tmp_path / "model.h5")
    made.write(tmp_path / "set.h5")
    with pytest.raises(adamas.FormatError, match="set.h5: not a model but a spectra set"):
        adamas.Model.read(tmp_path / "set.h5")


def test_a_truncated_file(made, tmp_path):
    made.write(tmp_path / "set.h5")
    content = (tmp_path / "set.h5").read_bytes()
    (tmp_path / "set.h5").write_bytes(content[:len(content) // 2])
    with pytest.raises(adamas.FormatError, match="set.h5"):
        adamas.read(tmp_path / "set.h5")


@pytest.mark.parametrize("wrong, kind, says", [
    (lambda lib: adamas.Model.train("snip | snipp", lib), adamas.MethodError, "column 8"),
    (lambda lib: adamas.Model.train("crop(900, 901) | snv", lib), adamas.AxisError, "crop"),
    (lambda lib: adamas.Model.train("snv | pca | twolevel", lib, level=0), ValueError, "level is 0"),
    (lambda lib: adamas.Model.train("snv", lib, threads=5000), ValueError, "threads is 5000"),
    (lambda lib: adamas.validate("snv | pca(2) | twolevel", lib, leave="session"), adamas.DataError, "session"),
    (lambda lib: adamas.validate("snv | pca(2) | twolevel", lib, leave="shots"), ValueError, "one of folds"),
    (lambda lib: adamas.read([]), ValueError, "no file"),
    (lambda lib: lib.rows(130, 10), IndexError, "of 135"),
    (lambda lib: adamas.Method("snv\0"), ValueError, "NUL"),
    (lambda lib: adamas.Method(3), TypeError, "str expected"),
])
def test_wrong_requests(made, wrong, kind, says):
    with pytest.raises(kind, match=says):
        wrong(made)


def test_an_origin_that_no_library_has(fitted, simulated):
    with pytest.raises(adamas.DataError, match="the origin 'Atlantis' is in no library"):
        fitted.classify(simulated / "parcel.h5", declared="Atlantis")


def test_paths_are_text_bytes_or_path_like(made, tmp_path):
    made.write(str(tmp_path / "é.h5"))
    for path in (tmp_path / "é.h5", str(tmp_path / "é.h5"), os.fsencode(tmp_path / "é.h5")):
        assert len(adamas.read(path)) == 135


def test_defaults_are_those_of_the_header():
    assert lib.adamas_question_init.epsilon == 0.05 and lib.adamas_plan_init.confidence == 0.95
    assert lib.adamas_options_init.seed == 1 and lib.adamas_protocol_init.folds == 10
    assert lib.adamas_options_init.struct_size == ffi.sizeof("adamas_options")
    assert _engine.string(ffi.NULL) is None
