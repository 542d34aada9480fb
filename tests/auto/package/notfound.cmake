# SPDX-FileCopyrightText: 2026 The SharedSegment authors
# SPDX-License-Identifier: MIT
#
# Included by package.cmake. Requests what the installed package does not have, and expects a message that says why.

# expect(<name> CODE <what the project asks> SAYS <regular expression> [ARGUMENTS <argument>...])
function(expect name)
    cmake_parse_arguments(PARSE_ARGV 1 case "" "CODE;SAYS" "ARGUMENTS")
    file(WRITE ${WORK}/${name}/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)\nproject(Asks LANGUAGES CXX)\n${case_CODE}\n")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -S ${WORK}/${name} -B ${WORK}/${name}/build -G ${GENERATOR} ${arguments} ${case_ARGUMENTS}
        OUTPUT_VARIABLE output ERROR_VARIABLE output TIMEOUT 100)
    # CMake breaks lines anywhere.
    string(REGEX REPLACE "[ \n]+" " " text "${output}")
    if(NOT text MATCHES "${case_SAYS}")
        message(FATAL_ERROR "${name}: expected \"${case_SAYS}\" in: ${output}")
    endif()
    message(STATUS "ok ${name}")
endfunction()

expect(unknown CODE "find_package(SharedSegment REQUIRED COMPONENTS Core Quick)"
    SAYS "there is no component Quick; the components are Core, Qml and Producer")
expect(unknown_without_required CODE "find_package(SharedSegment COMPONENTS core)"
    SAYS "there is no component core; the components are Core, Qml and Producer")
expect(unknown_optional CODE "find_package(SharedSegment REQUIRED COMPONENTS Core OPTIONAL_COMPONENTS Quick)
message(STATUS \"found \${SharedSegment_FOUND} \${SharedSegment_Core_FOUND} \${SharedSegment_Quick_FOUND}.\")"
    SAYS "found (1|TRUE) TRUE *\\.")
# Until 1.0, another minor version has other names.
expect(other_minor CODE "find_package(SharedSegment 0.1 REQUIRED COMPONENTS Core)"
    SAYS "compatible with requested version .0.1..*SharedSegmentConfig.cmake, version: ${VERSION}")
expect(same_minor CODE "find_package(SharedSegment ${VERSION} REQUIRED COMPONENTS Core)
message(STATUS \"found \${SharedSegment_VERSION}.\")" SAYS "found ${VERSION}[.]")
expect(no_qt CODE "find_package(SharedSegment REQUIRED COMPONENTS Core)" ARGUMENTS -DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON
    SAYS "the component Core needs Qt 6.4 or later, and CMake does not find it .Qt6Core.; install")
expect(producer_without_qt CODE "find_package(SharedSegment REQUIRED)
message(STATUS \"found \${SharedSegment_Producer_FOUND} \${SharedSegment_Core_FOUND}.\")"
    ARGUMENTS -DCMAKE_DISABLE_FIND_PACKAGE_Qt6=ON SAYS "found TRUE FALSE")
if(QML)
    expect(no_quick CODE "find_package(SharedSegment REQUIRED COMPONENTS Qml)" ARGUMENTS -DCMAKE_DISABLE_FIND_PACKAGE_Qt6Quick=ON
        SAYS "the component Qml needs Qt 6.4 or later, and CMake does not find it .Qt6Quick.; install")
    # What exists is not lost with what is missing.
    expect(core_without_quick CODE "find_package(SharedSegment REQUIRED)
message(STATUS \"found \${SharedSegment_Core_FOUND} \${SharedSegment_Qml_FOUND} \${Qt6_FOUND}.\")"
        ARGUMENTS -DCMAKE_DISABLE_FIND_PACKAGE_Qt6Quick=ON SAYS "found TRUE FALSE (1|TRUE)")
endif()
file(GLOB targets ${prefix}/lib/cmake/SharedSegment/SharedSegmentProducerTargets*.cmake
    ${prefix}/lib/*/cmake/SharedSegment/SharedSegmentProducerTargets*.cmake)
file(REMOVE ${targets})
expect(not_built CODE "find_package(SharedSegment REQUIRED COMPONENTS Producer)"
    SAYS "the component Producer is not installed in .*; build SharedSegment with -DSHAREDSEGMENT_PRODUCER=ON")
