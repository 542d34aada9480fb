# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT

# The target `reference`: the API reference as HTML, in the folder `reference` of the build. Warnings are errors.
find_package(Doxygen QUIET)
if(NOT DOXYGEN_FOUND)
    return()
endif()

set(headers
    src/core/sharedarray.h src/core/sharedlayout.h src/core/sharedsegment.h src/core/sharedvalue.h
    src/producer/producer.h src/segment/typelayout.h
    qml/qmlsharedsegment.h qml/sharedarraymodel.h qml/sharedarrayplot.h qml/sharedobject.h
)
file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/src/doc/*.md)
list(TRANSFORM headers PREPEND ${PROJECT_SOURCE_DIR}/)
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
