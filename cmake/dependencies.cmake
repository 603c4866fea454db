# Everything that the core is linked with, as one target. An installed static library needs the same: this file is
# installed beside the package's configuration, which reads it if the static library is asked for.
find_package(OpenMP REQUIRED COMPONENTS C GLOBAL)
find_package(Threads REQUIRED GLOBAL)
find_package(PkgConfig REQUIRED)
set(ADAMAS_PKG_CONFIG_MODULES fftw3f lapacke openblas hdf5 jansson libcrypto libpcre2-8 libdeflate zlib)
pkg_check_modules(ADAMAS_DEPENDENCIES REQUIRED IMPORTED_TARGET GLOBAL ${ADAMAS_PKG_CONFIG_MODULES})
find_library(ADAMAS_FFTWF_THREADS fftw3f_threads HINTS ${ADAMAS_DEPENDENCIES_LIBRARY_DIRS} REQUIRED
  DOC "FFTW's threads, for which there is no pkg-config file")

if(NOT TARGET adamas::dependencies)
  add_library(adamas::dependencies INTERFACE IMPORTED GLOBAL)
  target_link_libraries(adamas::dependencies INTERFACE OpenMP::OpenMP_C Threads::Threads ${ADAMAS_FFTWF_THREADS}
    PkgConfig::ADAMAS_DEPENDENCIES m)
endif()
