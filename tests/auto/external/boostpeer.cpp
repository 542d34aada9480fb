// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Owns memory of Boost.Interprocess until its standard input ends:
//
//     boostpeer region NAME       a mapped region of 64 doubles, 0.5 more each
//     boostpeer managed NAME      16 of them as the object "values" of a managed segment; prints where in the memory it lies
//
// then sets the element I to V for each line "I V", and prints "ok".

#include <boost/interprocess/managed_shared_memory.hpp>
#include <boost/interprocess/mapped_region.hpp>
#include <boost/interprocess/shared_memory_object.hpp>

#include <cstddef>
#include <exception>
#include <iostream>
#include <string>

namespace interprocess = boost::interprocess;

namespace {

constexpr std::size_t RegionLength = 64;
constexpr std::size_t ManagedLength = 16;

void serve(double *values, std::size_t length)
{
    for (std::size_t i = 0; i < length; ++i)
        values[i] = 0.5 * static_cast<double>(i);
    std::cout << "ready" << std::endl;
    std::size_t index = 0;
    double value = 0;
    while (std::cin >> index >> value) {
        values[index % length] = value;
        std::cout << "ok" << std::endl;
    }
}

void serveRegion(const char *name)
{
    interprocess::shared_memory_object object(interprocess::create_only, name, interprocess::read_write);
    object.truncate(RegionLength * sizeof(double));
    interprocess::mapped_region region(object, interprocess::read_write);
    serve(static_cast<double *>(region.get_address()), RegionLength);
}

void serveManaged(const char *name)
{
    interprocess::managed_shared_memory memory(interprocess::create_only, name, 65536);
    double *const values = memory.construct<double>("values")[ManagedLength](0.0);
    // The object's bytes begin before the address that the segment manager reports.
    std::cout << memory.get_handle_from_address(values) << std::endl;
    serve(values, ManagedLength);
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc != 3)
        return 2;
    const std::string kind = argv[1];
    try {
        if (kind == "region")
            serveRegion(argv[2]);
        else
            serveManaged(argv[2]);
    } catch (const std::exception &error) {
        std::cout << error.what() << std::endl;
    }
    interprocess::shared_memory_object::remove(argv[2]);
}
