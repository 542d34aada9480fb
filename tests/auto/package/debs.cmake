# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Makes the Debian packages, installs them on this machine, and uses them from there as anybody would: tests/consumer is built with
# CMake and with pkg-config, and the command runs. Takes them away again, also after a failure.

set(packages libsharedsegment-dev qml6-module-sharedsegment sharedsegment libsharedsegment0)

# Whoever has them installed already keeps them.
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

run(${CMAKE_COMMAND} -S ${PROJECT} -B ${WORK}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=RelWithDebInfo
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_INSTALL_PREFIX=/usr -DSHAREDSEGMENT_TESTS=OFF -DSHAREDSEGMENT_EXAMPLES=OFF)
run(${CMAKE_COMMAND} --build ${WORK}/build)
execute_process(COMMAND ${CPACK} WORKING_DIRECTORY ${WORK}/build COMMAND_ERROR_IS_FATAL ANY)
file(GLOB files ${WORK}/build/*.deb)
list(LENGTH files count)
if(NOT count EQUAL 4)
    message(FATAL_ERROR "four packages are expected, these were made: ${files}")
endif()

run(dpkg --install ${files})
run(${CMAKE_COMMAND} -S ${PROJECT}/tests/consumer -B ${WORK}/consumer -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_CXX_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK}/consumer)
foreach(program consumer consumer_qml consumer_types)
    run(${WORK}/consumer/${program})
endforeach()
# QML finds the module among Qt's own.
file(READ ${WORK}/consumer/CMakeCache.txt cache)
if(NOT cache MATCHES "SharedSegment_DIR:PATH=/usr/lib/")
    purge()
    message(FATAL_ERROR "the consumer has found another installation")
endif()

run(pkg-config --cflags --libs sharedsegment)
string(STRIP "${output}" flags)
separate_arguments(flags UNIX_COMMAND "${flags}")
run(${COMPILER} -std=c++20 -fPIC ${PROJECT}/tests/consumer/main.cpp -o ${WORK}/by_pkg_config ${flags})
run(${WORK}/by_pkg_config)

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
