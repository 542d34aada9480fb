# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT

# The target `reference`: the API reference as HTML, in the folder `reference` of the build. Warnings are errors.
find_package(Doxygen QUIET)
if(NOT DOXYGEN_FOUND)
    return()
endif()

# The public headers.
get_property(headers GLOBAL PROPERTY SHAREDSEGMENT_PUBLIC_HEADERS)
file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src/doc/*.md
    ${PROJECT_SOURCE_DIR}/src/bindings/*/README.md ${PROJECT_SOURCE_DIR}/examples/*/README.md)
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
