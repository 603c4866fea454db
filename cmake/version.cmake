# Sets `version` to ADAMAS_VERSION of the public header, the one place where the version is written.
set(header ${CMAKE_CURRENT_LIST_DIR}/../include/adamas/adamas.h)
file(STRINGS ${header} version REGEX "^#define ADAMAS_VERSION +\"[0-9.]+\"$")
string(REGEX REPLACE ".*\"([0-9.]+)\"" "\\1" version "${version}")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${header})
