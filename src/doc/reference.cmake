# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT

# The target `reference`: the API reference as HTML, in the folder `reference` of the build. Warnings are errors.
find_package(Doxygen QUIET)
if(NOT DOXYGEN_FOUND)
    return()
endif()

# The public headers, and what they or QML bring in besides.
get_property(headers GLOBAL PROPERTY SHAREDSEGMENT_PUBLIC_HEADERS)
list(APPEND headers ${PROJECT_SOURCE_DIR}/src/engine/typelayout.h ${PROJECT_SOURCE_DIR}/src/engine/text.h
    ${PROJECT_SOURCE_DIR}/src/engine/revisioninfo.h ${PROJECT_SOURCE_DIR}/src/os/backend.h ${PROJECT_SOURCE_DIR}/src/os/errorcode.h)
if(SHAREDSEGMENT_QML)
    list(APPEND headers ${PROJECT_SOURCE_DIR}/qml/qmlsharedsegment.h)
endif()
file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src/doc/*.md)
list(TRANSFORM pages PREPEND ${PROJECT_SOURCE_DIR}/)
set(inputs ${headers} ${pages} ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
list(JOIN inputs "\" \\\n                         \"" reference_inputs)
set(reference_dir ${PROJECT_BINARY_DIR}/reference)
configure_file(${CMAKE_CURRENT_LIST_DIR}/Doxyfile.in ${reference_dir}/Doxyfile @ONLY)

add_custom_target(reference
    COMMAND Doxygen::doxygen ${reference_dir}/Doxyfile
    COMMENT "Writing the API reference"
    VERBATIM
)
