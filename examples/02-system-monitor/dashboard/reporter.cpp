// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "reporter.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QFileInfo>
#include <QtCore/QVariant>
#include <QtGui/QGuiApplication>
#include <QtGui/QImage>
#include <QtQuick/QQuickWindow>

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Reporter::Reporter(QQuickWindow *window)
    : QObject(window)
    , m_window(window)
    , m_segments(window->findChildren<SharedSegment *>())
    , m_out(stdout)
{
}

void Reporter::printChanges()
{
    for (SharedSegment *segment : std::as_const(m_segments)) {
        const auto printNextUpdate = [this, segment] {
            connect(
                segment, &SharedSegment::updated, this,
                [this, segment] { m_out << segment->name() << " Updated" << Qt::endl; }, Qt::SingleShotConnection);
        };
        printState(segment);
        connect(segment, &SharedSegment::stateChanged, this, [this, segment] { printState(segment); });
        connect(segment, &SharedSegment::opened, this, printNextUpdate);
        if (segment->isOpen())
            printNextUpdate();
    }
    printHeadline();
    connect(m_window, SIGNAL(headlineChanged()), this, SLOT(printHeadline()));
}

void Reporter::printState(const SharedSegment *segment)
{
    m_out << segment->name() << ' ' << QVariant::fromValue(segment->state()).toString() << Qt::endl;
}

void Reporter::printHeadline()
{
    m_out << "headline: " << m_window->property("headline").toString() << Qt::endl;
}

bool Reporter::hasData() const
{
    return std::all_of(m_segments.begin(), m_segments.end(),
                       [](const SharedSegment *segment) { return segment->revision() > 0; });
}

void Reporter::grabLater(const QString &file, double seconds)
{
    m_file = file;
    m_grabTimer.setSingleShot(true);
    m_grabTimer.setInterval(std::chrono::milliseconds(qRound64(seconds * 1000)));
    m_patience.setSingleShot(true);
    connect(&m_grabTimer, &QTimer::timeout, this, [this] { grab(true); });
    connect(&m_patience, &QTimer::timeout, this, [this] { grab(false); });

    const auto report = [this] {
        if (!hasData() || m_grabTimer.isActive())
            return;
        for (SharedSegment *segment : std::as_const(m_segments))
            disconnect(segment, &SharedSegment::revisionChanged, &m_grabTimer, nullptr);
        m_patience.stop();
        m_grabTimer.start();
    };
    m_patience.start(30s);
    for (SharedSegment *segment : std::as_const(m_segments))
        connect(segment, &SharedSegment::revisionChanged, &m_grabTimer, report);
    report();
}

void Reporter::grab(bool complete)
{
    if (!m_window->grabWindow().save(m_file, "PNG")) {
        QTextStream(stderr) << "dashboard: " << m_file << " cannot be written\n";
        QGuiApplication::exit(1);
        return;
    }
    m_out << QFileInfo(m_file).absoluteFilePath() << Qt::endl;
    if (!complete)
        QTextStream(stderr) << "dashboard: no data came in time; is the sampler running?\n";
    QGuiApplication::exit(complete ? 0 : 1);
}
