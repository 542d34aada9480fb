// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What is the same on all systems.

#include "childprocess.h"

#include <cstring>
#include <iostream>
#include <sstream>

namespace support {

bool ChildProcess::isChild(int argc, char **argv)
{
    return argc == 2 && std::strcmp(argv[1], "--child") == 0;
}

std::string ChildProcess::request(const std::string &line)
{
    send(line);
    return this->line().value_or("no answer");
}

int answerLines(const std::function<std::string(const Words &)> &answer)
{
    std::cout << "ready" << std::endl;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream stream(line);
        Words words;
        for (std::string word; stream >> word;)
            words.push_back(word);
        std::cout << (words.empty() ? "no command" : answer(words)) << std::endl;
    }
    return 0;
}

} // namespace support
