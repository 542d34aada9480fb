// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Fixed work whose instructions Callgrind counts; see the script beside it.
//
//   workloads --owner    owns what the others open, until standard input ends
//   workloads            does the work

#include "counting.h"

#include <SharedSegment/SharedArray>

#include <QtCore/QCoreApplication>

#include <array>
#include <fcntl.h>

using namespace Qt::StringLiterals;

void countModel();

namespace {

constexpr qsizetype Page = 4096 / sizeof(double);

int own()
{
    // Memory is opened by the numbers of this process and of a descriptor. The prefix makes each such path so long that
    // it is allocated, however short the first one is.
    for (int descriptor = 0; descriptor < 1000;) {
        descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        if (descriptor == -1)
            giveUp("open a thousand files");
    }
    SharedArray<double> array(u"owned"_s);
    const std::array<double, Page> values{1.0};
    if (!array.create(Page) || !array.publish(values))
        return 1;
    std::puts("ready");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    return 0;
}

/// Memory of another process: an owner's own openings share its mapping.
void countOpen()
{
    count("open and close, 4 KiB", [] {
        SharedArray<double> array(u"owned"_s);
        if (!array.open())
            giveUp("open");
    });
    SharedArray<double> array(u"owned"_s);
    if (!array.open())
        giveUp("open");
    count("revision", [&] {
        if (array.revision() != 1)
            giveUp("read the revision");
    });
    count("read 8 B", [&] {
        if (array.readElement(0) != 1.0)
            giveUp("read an element");
    });
    std::array<double, Page> buffer{};
    count("read 4 KiB into a buffer", [&] {
        if (!array.read(buffer))
            giveUp("read");
    });
    count("snapshot of 4 KiB", [&] {
        if (array.snapshot().size() != Page)
            giveUp("take a snapshot");
    });
}

void countCreate()
{
    count("create and close, 4 KiB", [] {
        SharedArray<double> array(u"created"_s);
        if (!array.create(Page))
            giveUp("create");
    });
    SharedArray<double> array(u"published"_s);
    if (!array.create(Page))
        giveUp("create");
    const std::array<double, Page> values{1.0};
    count("publish 4 KiB", [&] {
        if (!array.publish(values))
            giveUp("publish");
    });
}

void countPublish()
{
    SharedArray<double, 8> array(u"short"_s);
    if (!array.create())
        giveUp("create");
    const std::array<double, 8> values{1.0};
    count("publish 64 B", [&] {
        if (!array.publish(values))
            giveUp("publish");
    });
    count("change one of 64 B and publish", [&] {
        auto writer = array.beginWrite();
        writer[3] = 1.0;
        if (!writer.publish())
            giveUp("publish");
    });
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (QCoreApplication::arguments().contains("--owner"_L1))
        return own();
    countPublish();
    countCreate();
    countOpen();
    countModel();
    return 0;
}
