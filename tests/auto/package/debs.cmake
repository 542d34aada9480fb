# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Makes the Debian packages, installs them on this machine, and uses them from there as any user would: tests/consumer is built
# with CMake and with pkg-config, and the command runs. Removes them again, also after a failure.

# A package of libraries is named after what its libraries are compatible with, so that others can be installed beside it.
string(REGEX MATCH "^0[.][0-9]+|^[0-9]+" compatible ${VERSION})
set(packages libsharedsegment-dev qml6-module-sharedsegment sharedsegment sharedsegment-explorer libsharedsegment-engine${compatible} libsharedsegment${compatible}
    libsharedsegment-producer${compatible})

# If they are installed already, they stay.
foreach(package IN LISTS packages)
    execute_process(COMMAND dpkg-query --show "--showformat=\${db:Status-Status}" ${package}
        OUTPUT_VARIABLE state ERROR_QUIET)
    if(state STREQUAL "installed")
        message("SKIPPED: ${package} is installed on this machine, and the test would replace and remove it")
        return()
    endif()
endforeach()

function(purge)
    execute_process(COMMAND dpkg --purge ${packages} OUTPUT_QUIET ERROR_QUIET)
endfunction()

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 500)
    message("${output}")
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        purge()
        message(FATAL_ERROR "${command}: ${status}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/registry)
file(CHMOD ${WORK}/registry DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
set(ENV{SHAREDSEGMENT_DIR} ${WORK}/registry)
set(ENV{QT_QPA_PLATFORM} offscreen)
set(ENV{QT_QUICK_BACKEND} software)

# The test checks where things are, so the quickest way to build them is enough.
run(${CMAKE_COMMAND} -S ${PROJECT} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_INSTALL_PREFIX=/usr -DSHAREDSEGMENT_TESTS=OFF -DSHAREDSEGMENT_EXAMPLES=OFF
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=0)
run(${CMAKE_COMMAND} --build ${WORK}/build)
execute_process(COMMAND ${CPACK} WORKING_DIRECTORY ${WORK}/build COMMAND_ERROR_IS_FATAL ANY)
file(GLOB files ${WORK}/build/*.deb)
list(LENGTH files count)
if(NOT count EQUAL 7)
    message(FATAL_ERROR "seven packages are expected, these were made: ${files}")
endif()

run(dpkg --install ${files})
run(${CMAKE_COMMAND} -S ${PROJECT}/tests/consumer -B ${WORK}/consumer -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
foreach(program consumer_producer consumer consumer_qml consumer_types)
    run(${WORK}/consumer/${program})
endforeach()
# QML finds the module among Qt's own.
file(READ ${WORK}/consumer/CMakeCache.txt cache)
if(NOT cache MATCHES "SharedSegment_DIR:PATH=/usr/lib/")
    purge()
    message(FATAL_ERROR "the consumer has found another installation")
endif()

foreach(module_and_source IN ITEMS "sharedsegment;main.cpp" "sharedsegment-producer;producer.cpp")
    list(GET module_and_source 0 module)
    list(GET module_and_source 1 source)
    run(pkg-config --cflags --libs ${module})
    string(STRIP "${output}" flags)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    run(${COMPILER} -std=c++20 -fPIC ${PROJECT}/tests/consumer/${source} -o ${WORK}/by_pkg_config ${flags})
    run(${WORK}/by_pkg_config)
endforeach()

# Each package says under which terms it may be used. Systems that install no documents (as in many containers) do not have the files.
foreach(file IN LISTS files)
    run(dpkg-deb --contents ${file})
    if(NOT output MATCHES "usr/share/doc/[a-z0-9.-]+/copyright")
        purge()
        message(FATAL_ERROR "${file} has no copyright file")
    endif()
    # The guide comes with the headers, and contains the reference of the QML types.
    if(file MATCHES "libsharedsegment-dev" AND NOT output MATCHES "usr/share/doc/SharedSegment/qml-reference.md")
        purge()
        message(FATAL_ERROR "${file} has no guide")
    endif()
endforeach()

run(sharedsegment --version)
run(sharedsegment list)
run(sharedsegment doctor)
foreach(file /usr/share/man/man1/sharedsegment.1 /usr/share/bash-completion/completions/sharedsegment
        /usr/share/zsh/site-functions/_sharedsegment)
    run(dpkg --search ${file})
endforeach()

run(dpkg --purge ${packages})
find_program(left sharedsegment PATHS /usr/bin NO_DEFAULT_PATH NO_CACHE)
if(left OR EXISTS /usr/include/SharedSegment)
    message(FATAL_ERROR "something is left of the packages")
endif()
