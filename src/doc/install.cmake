# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT

# The guide, the README and the examples that they lead to, in one folder of their own; links between them are those of the tree, and
# are rewritten to where things lie there.
if(NOT SHAREDSEGMENT_INSTALL)
    return()
endif()
set(doc_dir ${CMAKE_INSTALL_DATADIR}/doc/SharedSegment)

file(GLOB pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/doc/*.md)
foreach(page IN LISTS pages ITEMS ${PROJECT_SOURCE_DIR}/README.md)
    cmake_path(GET page FILENAME name)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${page})
    file(READ ${page} text)
    string(REPLACE "](src/doc/" "](" text "${text}")
    string(REPLACE "](../../" "](" text "${text}")
    string(REPLACE "](../bindings/" "](src/bindings/" text "${text}")
    file(WRITE ${PROJECT_BINARY_DIR}/doc/${name} "${text}")
    sharedsegment_install(FILES ${PROJECT_BINARY_DIR}/doc/${name} DESTINATION ${doc_dir} COMPONENT Development)
endforeach()
sharedsegment_install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION ${doc_dir} COMPONENT Development)
sharedsegment_install(DIRECTORY ${PROJECT_SOURCE_DIR}/LICENSES DESTINATION ${doc_dir} COMPONENT Development)
sharedsegment_install(FILES ${PROJECT_SOURCE_DIR}/src/doc/architecture.svg ${PROJECT_SOURCE_DIR}/src/doc/explorer.png
    DESTINATION ${doc_dir} COMPONENT Development)
sharedsegment_install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/doc/benchmarks DESTINATION ${doc_dir} COMPONENT Development
    FILES_MATCHING PATTERN "*.svg")
sharedsegment_install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples DESTINATION ${doc_dir} COMPONENT Development
    REGEX "examples/(CMakeLists[.]txt|run)$" EXCLUDE PATTERN build EXCLUDE PATTERN __pycache__ EXCLUDE PATTERN README.md EXCLUDE)
# The files for other languages, where the examples find them.
sharedsegment_install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/bindings DESTINATION ${doc_dir}/src COMPONENT Development
    PATTERN __pycache__ EXCLUDE PATTERN README.md EXCLUDE)
file(GLOB pages CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/examples/*/README.md
    ${PROJECT_SOURCE_DIR}/src/bindings/*/README.md)
foreach(page IN LISTS pages)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${page})
    cmake_path(GET page PARENT_PATH folder)
    file(READ ${PROJECT_SOURCE_DIR}/${page} text)
    string(REPLACE "](../../src/doc/" "](../../" text "${text}")
    string(REPLACE "](../../doc/" "](../../../" text "${text}")
    file(WRITE ${PROJECT_BINARY_DIR}/doc/${page} "${text}")
    sharedsegment_install(FILES ${PROJECT_BINARY_DIR}/doc/${page} DESTINATION ${doc_dir}/${folder} COMPONENT Development)
endforeach()
