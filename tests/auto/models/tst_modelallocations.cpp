// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A model that shows what is published allocates nothing.

#include "modelsupport.h"

#include <atomic>
#include <cstdlib>
#include <new>

using namespace Qt::StringLiterals;
using namespace testsupport;
using namespace modelsupport;

namespace {

#ifdef SHAREDSEGMENT_PORTABLE
/// Of this thread alone: the replacement for a kqueue has a thread of its own.
thread_local quint64 allocations = 0;
#else
std::atomic<quint64> allocations = 0;
#endif

} // namespace

// The address sanitizer brings its own.
#ifndef __SANITIZE_ADDRESS__
// GCC falsely warns of free() where it inlines these.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif
void *operator new(std::size_t size)
{
    ++allocations;
    if (void *memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}

void operator delete(void *memory) noexcept
{
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept
{
    std::free(memory);
}
#endif

class tst_ModelAllocations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allocatesNothingInSteadyState();

private:
    RegistryFolder m_folder;
};

void tst_ModelAllocations::allocatesNothingInSteadyState()
{
#ifdef __SANITIZE_ADDRESS__
    QSKIP("the address sanitizer's allocator counts for itself");
#endif
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 1000);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    SharedArrayModel model;
    model.setSegment(&segment);
    int refreshes = 0;
    quint64 counted = 0;
    quint64 sum = 0;
    quint64 before = 0;
    // What the model does between the update and the end of its refresh.
    connect(&model, &SharedArrayModel::revisionChanged, this, [&] { before = allocations; });
    connect(&model, &QAbstractItemModel::dataChanged, this, [&] {
        for (int row = 0; row < 30; ++row)
            sum += model.data(model.index(row, 0), Qt::DisplayRole).toULongLong();
        if (++refreshes > 5)
            counted += allocations - before;
    });
    peer->tell("spin");
    QTRY_VERIFY_WITH_TIMEOUT(refreshes >= 40, Deadline);
    QVERIFY(sum > 0);
    QCOMPARE(counted, 0u);
}

QTEST_GUILESS_MAIN(tst_ModelAllocations)

#include "tst_modelallocations.moc"
