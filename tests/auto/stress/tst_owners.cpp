// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Owners that come, are killed or close, and come again, a thousand times: how soon a reader is notified, and is on the next instance.

#include "../../peer/pattern.h"
#include "../../support/testsupport.h"

#include "engine/opensegment.h"
#include "engine/registry.h"
#include "engine/segment.h"
#include "os/system.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

namespace {

constexpr int Words = 512;
constexpr int OwnerRounds = 250;
constexpr qint64 GenerousMilliseconds = 5000;
constexpr double OrphanedWithin = 50;  // ms
constexpr double ReopenedWithin = 200; // ms

QByteArray content(quint64 key)
{
    QByteArray bytes(Words * 8, '\0');
    pattern::fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(bytes.size()))), key);
    return bytes;
}

/// How many times an owner comes and goes in each of the four forms; the long form has more.
int ownerRounds()
{
    bool isNumber = false;
    const int rounds = qEnvironmentVariableIntValue("STRESS_OWNERS", &isNumber);
    return isNumber ? rounds : OwnerRounds;
}

/// How long this thread has waited for a processor so far, in ns; 0 where the system does not say.
qint64 stalledTime()
{
    QFile file(u"/proc/self/schedstat"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> figures = file.readAll().split(' ');
    return figures.size() < 2 ? 0 : figures.at(1).toLongLong();
}

/// From an event to its signal. The machine's own delay is not the library's: the time until a bare QProcess in the
/// same loop had seen the same event, and the time that the thread could run and had no processor.
class Delays
{
public:
    /// Times in ns since 1970; `receivedAt` is 0 where the signal came first.
    void add(qint64 happenedAt, qint64 receivedAt, qint64 signalledAt, qint64 stalled)
    {
        m_milliseconds.push_back(double(signalledAt - happenedAt) / 1e6);
        const qint64 from = receivedAt == 0 ? signalledAt : std::max(happenedAt, receivedAt);
        m_own.push_back(double(signalledAt - from - stalled) / 1e6);
    }
    int lateOnes(double milliseconds) const
    {
        return int(std::count_if(m_own.begin(), m_own.end(), [&](double own) { return own > milliseconds; }));
    }
    QByteArray figures()
    {
        std::sort(m_milliseconds.begin(), m_milliseconds.end());
        const auto at = [this](std::size_t percent) {
            return QByteArray::number(m_milliseconds[(m_milliseconds.size() - 1) * percent / 100], 'f', 2);
        };
        return "median " + at(50) + " ms, 99 % " + at(99) + " ms, worst " + at(100) + " ms of "
             + QByteArray::number(m_milliseconds.size());
    }

private:
    std::vector<double> m_milliseconds;
    std::vector<double> m_own;
};

} // namespace

class tst_Owners : public QObject
{
    Q_OBJECT

private:
    RegistryFolder m_folder;

private Q_SLOTS:
    void initTestCase_data() { addBackendRows(); }
    void cleanup()
    {
        QCOMPARE(SharedSegment::names(), QStringList());
        QCOMPARE(m_folder.files(), QStringList());
    }

    void comeAndGo_data();
    void comeAndGo();
};

void tst_Owners::comeAndGo_data()
{
    QTest::addColumn<bool>("isKilled");
    QTest::newRow("killed") << true;
    QTest::newRow("closed") << false;
}

void tst_Owners::comeAndGo()
{
    QFETCH(bool, isKilled);
    const QString name = uniqueName();
    SharedSegment s(name);
    qint64 openedAt = 0;
    qint64 orphanedAt = 0;
    connect(&s, &SharedSegment::opened, this, [&] { openedAt = sharedsegment::os::wallClock(); });
    connect(&s, &SharedSegment::orphaned, this, [&] { orphanedAt = sharedsegment::os::wallClock(); });
    s.setActive(true);
    const auto waitFor = [&s](State state) {
        QElapsedTimer timer;
        timer.start();
        while (s.state() != state && timer.elapsed() < GenerousMilliseconds)
            QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents);
        return s.state() == state;
    };
    // Keeps the loop above from sleeping for ever if nothing comes.
    QTimer beat;
    beat.start(std::chrono::milliseconds(500));
    Delays toOpen;
    Delays toOrphan;
    const int rounds = ownerRounds();
    for (int i = 1; i <= rounds; ++i) {
        // When a bare QProcess in the same event loop has seen the same event.
        qint64 receivedAt = 0;
        // Its line is read later: waiting for it here would keep the event loop from running.
        Peer peer({u"own"_s, name, u"u64"_s, QString::number(Words), nameOf(backend()), u"0"_s, u"one"_s});
        peer.onUpdate([&receivedAt] {
            if (receivedAt == 0)
                receivedAt = sharedsegment::os::wallClock();
        });
        qint64 stalled = stalledTime();
        if (!waitFor(State::Open))
            QFAIL("round " + QByteArray::number(i) + ", the owner says: " + peer.line().toUtf8()
                  + "; the reader: " + s.errorString().toUtf8());
        stalled = stalledTime() - stalled;
        const auto segment = sharedsegment::engine::openSegment(sharedsegment::engine::Registry::ofEnvironment(),
                                                                name.toStdString(),
                                                                sharedsegment::os::Access::ReadOnly);
        QVERIFY(bool(segment));
        toOpen.add((*segment)->geometry().created, receivedAt, openedAt, stalled);
        QCOMPARE(peer.line(), u"ready"_s);
        QCOMPARE(peer.ask(QByteArray("publish " + QByteArray::number(i))), u"published 1"_s);

        receivedAt = 0;
        stalled = stalledTime();
        const qint64 before = sharedsegment::os::wallClock();
        if (isKilled)
            peer.startKill();
        else
            peer.tell("close");
        QVERIFY2(waitFor(State::Orphaned), QByteArray::number(i));
        stalled = stalledTime() - stalled;
        toOrphan.add(before, receivedAt, orphanedAt, stalled);
        QCOMPARE(s.snapshot(), content(quint64(i)));
        QVERIFY(!SharedSegment::exists(name));
    }
    s.close();
    qInfo("orphaned after: %s", toOrphan.figures().constData());
    qInfo("on the next instance after: %s", toOpen.figures().constData());
    QCOMPARE(toOrphan.lateOnes(OrphanedWithin), 0);
    QCOMPARE(toOpen.lateOnes(ReopenedWithin), 0);
}

QTEST_GUILESS_MAIN(tst_Owners)
#include "tst_owners.moc"
