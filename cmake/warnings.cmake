# The language and the warnings of this project's own code.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_EXTENSIONS ON)
set(ADAMAS_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes)
if(ADAMAS_WERROR)
  list(APPEND ADAMAS_WARNINGS -Werror)
endif()
