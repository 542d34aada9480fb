# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Gives the project to tests/consumer in the way that MODE says, builds it there and runs the program.
#
#   package_installed     installed to a prefix; the examples are built against it too, each by itself
#   package_moved         installed to a prefix that was moved afterwards
#   package_subdirectory  as a folder of the outside project, static libraries, all sources of a target as one
#   package_fetched       by FetchContent, with the QML module; SharedSegment is not installed with the outside project
#   package_without_qt    where there is no Qt: the library for producers is built, installed and used
#   package_not_found     installed, to projects that request what does not exist: each gets a message that says why
#   package_first_steps   installed, to the project of the guide's first page instead

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 500)
    message("${output}")
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}: ${status}")
    endif()
endfunction()

set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})

if(NOT CONFIG)
    set(CONFIG Debug)
endif()
set(arguments -DCMAKE_BUILD_TYPE=${CONFIG} -DCMAKE_CXX_COMPILER=${COMPILER} -DCONSUMER_VERSION=${VERSION})
if(MODE STREQUAL "package_without_qt")
    # A project that requests Qt is told that there is none.
    list(APPEND arguments -DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON)
    set(BUILD ${WORK}/library)
    run(${CMAKE_COMMAND} -S ${PROJECT} -B ${BUILD} -G ${GENERATOR} -DSHAREDSEGMENT_CORE=OFF ${arguments})
    run(${CMAKE_COMMAND} --build ${BUILD} --config ${CONFIG})
    list(APPEND arguments -DCONSUMER_QT=OFF)
endif()
if(MODE STREQUAL "package_subdirectory")
    list(APPEND arguments -DSUBDIRECTORY=${PROJECT} -DBUILD_SHARED_LIBS=OFF -DCONSUMER_QML=${QML} -DCONSUMER_LINKS_QML=ON
        -DSHAREDSEGMENT_INSTALL=ON -DSHAREDSEGMENT_TOOL=OFF -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0)
elseif(MODE STREQUAL "package_fetched")
    list(APPEND arguments -DFETCHED=${PROJECT} -DCONSUMER_QML=${QML} -DCONSUMER_LINKS_QML=ON -DSHAREDSEGMENT_TOOL=OFF
        -DCMAKE_UNITY_BUILD=ON)
else()
    list(APPEND arguments -DCONSUMER_QML=${QML})
    run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --config ${CONFIG})
    if(MODE STREQUAL "package_moved")
        set(first ${prefix})
        set(prefix "${WORK}/moved to another place")
        file(RENAME ${first} ${prefix})
    endif()
    list(APPEND arguments "-DCMAKE_PREFIX_PATH=${prefix}")

    # Nothing that others include may name a place of this machine.
    file(GLOB_RECURSE texts ${prefix}/*.cmake ${prefix}/*.h ${prefix}/qmldir ${prefix}/*.qmltypes ${prefix}/include/*)
    if(NOT texts)
        message(FATAL_ERROR "nothing was installed to ${prefix}")
    endif()
    foreach(text IN LISTS texts)
        file(READ ${text} content)
        foreach(place ${PROJECT}/ ${BUILD}/)
            string(FIND "${content}" ${place} position)
            if(NOT position EQUAL -1)
                message(FATAL_ERROR "${text} names ${place}")
            endif()
        endforeach()
    endforeach()
endif()

if(MODE STREQUAL "package_moved" AND PYTHON)
    # The guide was installed too, and its links work there.
    run(${PYTHON} ${PROJECT}/tests/auto/docs/links.py ${prefix}/share/doc/SharedSegment)
endif()

# The prefix's own copy has to serve: neither the build tree nor another installation may replace it.
foreach(variable LD_LIBRARY_PATH QML_IMPORT_PATH QML2_IMPORT_PATH CMAKE_PREFIX_PATH)
    unset(ENV{${variable}})
endforeach()
set(outside ${PROJECT}/tests/consumer)
if(MODE STREQUAL "package_first_steps")
    set(outside ${PROJECT}/tests/auto/docs/first-steps)
endif()
if(MODE STREQUAL "package_not_found")
    include(${CMAKE_CURRENT_LIST_DIR}/notfound.cmake)
    return()
endif()
run(${CMAKE_COMMAND} -S ${outside} -B ${WORK}/build -G ${GENERATOR} ${arguments})
if(MODE STREQUAL "package_fetched" AND QML)
    # A project that needs the module gets all of it, although it does not name the plugin.
    run(${CMAKE_COMMAND} --build ${WORK}/build --target consumer_qml consumer_types)
endif()
run(${CMAKE_COMMAND} --build ${WORK}/build)

file(MAKE_DIRECTORY ${WORK}/registry)
file(CHMOD ${WORK}/registry DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(ENV{SHAREDSEGMENT_DIR} ${WORK}/registry)
set(ENV{QT_QPA_PLATFORM} offscreen)
set(ENV{QT_QUICK_BACKEND} software)
if(MODE STREQUAL "package_first_steps")
    # Both run until they are ended; the viewer says nothing as long as all is well.
    execute_process(
        COMMAND timeout 5 ${WORK}/build/station
        COMMAND timeout --preserve-status --signal=INT 4 ${WORK}/build/viewer
        RESULTS_VARIABLE statuses ERROR_VARIABLE messages)
    string(REGEX REPLACE "QStandardPaths:[^\n]*\n" "" messages "${messages}")
    if(NOT statuses MATCHES "^124;" OR messages)
        message(FATAL_ERROR "station and viewer ended with ${statuses}, saying: ${messages}")
    endif()
    return()
endif()
run(${WORK}/build/consumer_producer)
file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${WORK}/build/consumer_producer RESOLVED_DEPENDENCIES_VAR needed
    UNRESOLVED_DEPENDENCIES_VAR missing CONFLICTING_DEPENDENCIES_PREFIX conflicting)
if("${needed}" MATCHES "libQt" OR "${missing}" MATCHES "libQt")
    message(FATAL_ERROR "a producer needs Qt: ${needed} ${missing}")
endif()
# The name by which the system finds the library changes where the library stops being compatible: until 1.0 with each minor version.
string(REGEX MATCH "^0[.][0-9]+|^[0-9]+" compatible ${VERSION})
if(MODE MATCHES "package_(installed|moved|without_qt)" AND CMAKE_HOST_SYSTEM_NAME STREQUAL "Linux")
    foreach(library Engine Producer)
        if(NOT "${needed}" MATCHES "/libSharedSegment${library}[.]so[.]${compatible}(;|$)")
            message(FATAL_ERROR "libSharedSegment${library}.so.${compatible} is not among what a producer needs: ${needed}")
        endif()
    endforeach()
endif()
if(MODE STREQUAL "package_without_qt")
    return()
endif()
run(${WORK}/build/consumer)
if(QML)
    run(${WORK}/build/consumer_qml)
    run(${WORK}/build/consumer_types)
endif()

if(MODE MATCHES "package_fetched|package_subdirectory")
    # The other project's libraries stay of the kind that it makes.
    file(STRINGS ${WORK}/build/CMakeCache.txt kind REGEX "^BUILD_SHARED_LIBS:[^=]*=ON")
    if(kind)
        message(FATAL_ERROR "the outside project's cache says ${kind}")
    endif()
    run(${CMAKE_COMMAND} --install ${WORK}/build --prefix ${prefix} --config ${CONFIG})
    file(GLOB_RECURSE installed RELATIVE ${prefix} ${prefix}/*)
endif()
if(MODE STREQUAL "package_fetched" AND NOT installed STREQUAL "bin/consumer_producer")
    message(FATAL_ERROR "installed with the outside project: ${installed}")
endif()
if(MODE STREQUAL "package_subdirectory")
    # Static libraries that are installed serve as well.
    run(${CMAKE_COMMAND} -S ${outside} -B ${WORK}/static -G ${GENERATOR} -DCMAKE_BUILD_TYPE=${CONFIG}
        -DCMAKE_CXX_COMPILER=${COMPILER} -DCONSUMER_QML=${QML} -DCONSUMER_LINKS_QML=ON "-DCMAKE_PREFIX_PATH=${prefix}")
    run(${CMAKE_COMMAND} --build ${WORK}/static)
    run(${WORK}/static/consumer)
    if(QML)
        run(${WORK}/static/consumer_qml)
        run(${WORK}/static/consumer_types)
    endif()
endif()

if(MODE STREQUAL "package_installed" AND QML)
    # The examples as they are installed with the guide: nothing else of the tree can be the source of the build.
    file(COPY ${prefix}/share/doc/SharedSegment/examples ${prefix}/share/doc/SharedSegment/src DESTINATION ${WORK})
    file(GLOB examples RELATIVE ${WORK}/examples ${WORK}/examples/*/CMakeLists.txt)
    list(LENGTH examples count)
    if(count LESS 7)
        message(FATAL_ERROR "only these examples are installed: ${examples}")
    endif()
    foreach(example IN LISTS examples)
        cmake_path(GET example PARENT_PATH name)
        run(${CMAKE_COMMAND} -S ${WORK}/examples/${name} -B ${WORK}/examples/${name}/build -G ${GENERATOR}
            -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER=${COMPILER} "-DCMAKE_PREFIX_PATH=${prefix}")
        run(${CMAKE_COMMAND} --build ${WORK}/examples/${name}/build)
    endforeach()
    # Widgets need neither Qt Quick nor Qt Qml.
    file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${WORK}/examples/05-widgets/build/rooms RESOLVED_DEPENDENCIES_VAR needed
        UNRESOLVED_DEPENDENCIES_VAR missing CONFLICTING_DEPENDENCIES_PREFIX conflicting)
    if("${needed};${missing}" MATCHES "Qt6Quick|Qt6Qml|SharedSegmentQml")
        message(FATAL_ERROR "a program with Widgets needs Qt Quick or Qt Qml: ${needed} ${missing}")
    endif()
    # One with QML and one without: they find the installed libraries and module.
    set(picture ${WORK}/picture.png)
    run(${WORK}/examples/04-setpoints/build/setpoints panel --after 1 --grab ${picture})
    run(${WORK}/examples/05-widgets/build/building --seconds 0.5)
    if(NOT EXISTS ${picture})
        message(FATAL_ERROR "${picture} was not written")
    endif()
endif()
file(GLOB left ${WORK}/registry/*)
# Where locks are locks of files, the file of the folder's lock stays.
list(REMOVE_ITEM left ${WORK}/registry/.lock)
if(left)
    message(FATAL_ERROR "left behind: ${left}")
endif()
