// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// When SharedPlot reads, and what it follows.

#include "plottest.h"

#include <SharedSegment/SharedArray>

#include <QtGui/QImage>
#include <QtTest/QSignalSpy>

using namespace Qt::StringLiterals;
using namespace plottest;
using namespace testsupport;

class tst_PlotUpdates : public PlotTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() { showPlot(); }
    void cleanup() { removePlot(); }

    void moreThanOneFrameGoesThrough();
    void goesThroughNothingTwice();
    void followsAndPauses();
    void anotherRangeWhilePaused();
    void whileBeingWritten();
    void segmentDies();
    void elementsOfEachRevision();
};

/// The thread has time for other things in between, and the final picture is one revision.
void tst_PlotUpdates::moreThanOneFrameGoesThrough()
{
    constexpr size_t Length = 20'000'000;
    SharedArray<double> values(uniqueName());
    values.segment()->setBufferCount(2);
    QVERIFY2(values.create(Length), qPrintable(values.errorString()));
    const auto publish = [&](double value) {
        auto writer = values.beginWrite();
        std::fill(writer.begin(), writer.end(), value);
    };
    publish(1);
    m_series->setSegment(values.segment());
    static_cast<void>(grab());
    QCOMPARE(m_series->revision(), 0u);
    QCOMPARE(m_series->readCount(), 0u);
    QTRY_COMPARE(m_series->revision(), 1u);
    QCOMPARE(m_series->readCount(), 1u);
    QCOMPARE((m_plot->minimum() + m_plot->maximum()) / 2, 1.0);
    QVERIFY(drawnIn(grab(), QRect(0, Height / 2 - 2, Width, 4)) >= Width);
    // Revisions that come while one is processed.
    for (int i = 2; i <= 5; ++i) {
        publish(i);
        QCoreApplication::processEvents();
        static_cast<void>(grab());
        const double middle = (m_plot->minimum() + m_plot->maximum()) / 2;
        QCOMPARE(m_plot->maximum() - m_plot->minimum(), std::max(middle * 0.2, 1.0)); // As a constant has it.
    }
    QTRY_COMPARE(m_series->revision(), 5u);
    QCOMPARE((m_plot->minimum() + m_plot->maximum()) / 2, 5.0);
    // Another range and another segment in the middle of it.
    publish(6);
    static_cast<void>(grab());
    m_series->setFirst(10);
    static_cast<void>(grab());
    SharedArray<double> others(uniqueName());
    QVERIFY(others.create(20));
    m_series->setSegment(others.segment());
    QTRY_COMPARE(m_plot->maximum(), 0.5);
    m_series->setSegment(values.segment());
    QTRY_COMPARE(m_series->revision(), 6u);
    QCOMPARE((m_plot->minimum() + m_plot->maximum()) / 2, 6.0);
}

void tst_PlotUpdates::goesThroughNothingTwice()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(100'000));
    values.beginWrite()[5] = 1;
    m_series->setSegment(values.segment());
    grab();
    QCOMPARE(m_series->readCount(), 1u);
    for (int i = 0; i < 10; ++i) {
        m_series->setColor(i % 2 ? Qt::black : Qt::red);
        m_series->update();
        grab();
    }
    QCOMPARE(m_series->readCount(), 1u);
    values.beginWrite()[5] = 2;
    QTRY_COMPARE(m_series->revision(), 2u);
    QCOMPARE(m_series->readCount(), 2u);
}

void tst_PlotUpdates::followsAndPauses()
{
    const QString name = uniqueName();
    SharedSegment segment(name);
    segment.setActive(true);
    m_series->setSegment(&segment);
    QCOMPARE(drawnIn(grab()), 0);
    auto peer = owner(name, preferredBackend(), 500);
    QCOMPARE(peer->ask("publish 3"), u"published 1"_s);
    QTRY_COMPARE_WITH_TIMEOUT(m_series->revision(), 1u, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(drawnIn(grab()) > 0, Deadline);
    m_series->setPaused(true);
    QSignalSpy updated(&segment, &SharedSegment::updated);
    QCOMPARE(peer->ask("publish 4"), u"published 2"_s);
    QVERIFY(updated.count() > 0 || updated.wait());
    grab();
    QCOMPARE(m_series->revision(), 1u);
    m_series->setPaused(false);
    QTRY_COMPARE(m_series->revision(), 2u);
    peer->kill();
    QTRY_COMPARE(segment.state(), SharedSegment::State::Orphaned);
    QVERIFY(drawnOrPaleIn(grab()) > 0);
    segment.close();
    QTRY_COMPARE(drawnOrPaleIn(grab()), 0);
}

void tst_PlotUpdates::anotherRangeWhilePaused()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(1000));
    std::vector<double> numbers(1000, 0.0);
    std::fill(numbers.begin() + 500, numbers.end(), 1.0);
    QVERIFY(values.publish(numbers));
    m_series->setSegment(values.segment());
    m_plot->setAutoScale(false);
    m_plot->setMinimum(-1);
    m_plot->setMaximum(2);
    m_series->setCount(400);
    QVERIFY(drawnIn(grab()) > 0);
    m_series->setPaused(true);
    QVERIFY(values.publish(std::vector<double>(1000, 1.5)));
    // The values of the copy, and not those published since.
    m_series->setFirst(550);
    const QImage held = grab();
    QCOMPARE(m_series->revision(), 1u);
    QVERIFY(drawnIn(held, QRect(0, 30, Width, 8)) > 0);
    QCOMPARE(drawnIn(held, QRect(0, 10, Width, 12)), 0);
    m_series->setPaused(false);
    QTRY_COMPARE(m_series->revision(), 2u);
    const QImage updatedImage = grab();
    QCOMPARE(drawnIn(updatedImage, QRect(0, 30, Width, 8)), 0);
    QVERIFY(drawnIn(updatedImage, QRect(0, 10, Width, 12)) > 0);
    // Another instance while paused: its first content stays.
    m_series->setPaused(true);
    values.close();
    QCOMPARE(drawnIn(grab()), 0);
    QVERIFY(values.create(1000));
    QVERIFY(values.publish(numbers));
    const QImage zeros = grab();
    QVERIFY(drawnIn(zeros, QRect(0, 62, Width, 8)) > 0);
    QCOMPARE(drawnIn(zeros, QRect(0, 30, Width, 8)), 0);
}

void tst_PlotUpdates::whileBeingWritten()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 300'000);
    SharedSegment segment(name);
    QVERIFY(segment.open());
    m_series->setSegment(&segment);
    peer->tell("spin");
    QSignalSpy revision(m_series, &SharedSeries::revisionChanged);
    QTRY_VERIFY_WITH_TIMEOUT(revision.count() >= 10, Deadline);
    QVERIFY(drawnIn(grab()) > 0);
}

void tst_PlotUpdates::segmentDies()
{
    {
        SharedArray<double> values(uniqueName());
        QVERIFY(values.create(100));
        QVERIFY(values.publish(QList<double>(100, 1)));
        m_series->setSegment(values.segment());
        QVERIFY(drawnIn(grab()) > 0);
    }
    QCOMPARE(m_series->segment(), nullptr);
    QTRY_COMPARE(drawnIn(grab()), 0);
}

/// Of a variable array, the elements of the newest revision fill the plot.
void tst_PlotUpdates::elementsOfEachRevision()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.createWithCapacity(1000));
    m_series->setSegment(values.segment());
    QCOMPARE(drawnIn(grab()), 0);
    QList<double> numbers(1000);
    for (int i = 0; i < 1000; ++i)
        numbers[i] = i;
    QVERIFY(values.publish(numbers));
    QTRY_COMPARE(m_plot->maximum(), 999.0);
    numbers.resize(100);
    QVERIFY(values.publish(numbers));
    QTRY_COMPARE(m_plot->maximum(), 99.0);
    const QImage image = grab();
    QVERIFY(isDrawn(image.pixel(1, Height - 2)));
    QVERIFY(isDrawn(image.pixel(Width - 2, 1)));
    m_series->setPaused(true);
    numbers.resize(10);
    QVERIFY(values.publish(numbers));
    m_series->setFirst(50);
    m_series->setCount(10);
    QTRY_COMPARE(m_plot->minimum(), 50.0);
    QCOMPARE(m_series->revision(), 2u);
    m_series->setPaused(false);
    QTRY_COMPARE(m_series->revision(), 0u); // There is no element 50 any more.
    QCOMPARE(drawnIn(grab()), 0);
}

QTEST_MAIN(tst_PlotUpdates)

#include "tst_plotupdates.moc"
