// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Shares memory as other programs do on Windows, by a named file mapping, and knows nothing of SharedSegment:
//
//     mappingpeer NAME BYTES     prints "ready", or "taken" where there is one of that name
//
// Then a line each: `set INDEX VALUE` and `get INDEX` of the doubles in it. The end of the input ends it.

#include <windows.h>

#include <cstdlib>
#include <iostream>
#include <string>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const HANDLE memory = CreateFileMappingA(INVALID_HANDLE_VALUE, nullptr, PAGE_READWRITE, 0,
                                             static_cast<DWORD>(std::atoi(argv[2])), argv[1]);
    if (!memory || GetLastError() == ERROR_ALREADY_EXISTS) {
        std::cout << "taken" << std::endl;
        return 1;
    }
    auto *const values = static_cast<volatile double *>(MapViewOfFile(memory, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    if (!values)
        return 1;
    std::cout << "ready" << std::endl;
    std::string command;
    std::size_t index = 0;
    while (std::cin >> command >> index) {
        if (command == "set") {
            double value = 0;
            std::cin >> value;
            values[index] = value;
            std::cout << "ok" << std::endl;
        } else {
            std::cout << values[index] << std::endl;
        }
    }
    return 0;
}
