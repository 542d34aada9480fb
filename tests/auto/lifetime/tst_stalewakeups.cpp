// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// How often a process wakes up for the age of a segment: only while something is connected to it, and for `stale` alone
// at one moment. Each case is a process of its own, which says how often it has slept.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedSegment>

#include <QtCore/QSocketNotifier>

#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

/// What a case is connected to, and then is not any more.
using Case = std::function<void(SharedSegment &)>;
const std::map<QString, Case> &cases()
{
    const auto nothing = [] {};
    static const std::map<QString, Case> all{
        {u"nothing"_s, [](SharedSegment &) {}},
        {u"read"_s, [](SharedSegment &s) { std::printf("%lld %d\n", static_cast<long long>(s.age()), s.isStale()); }},
        {u"stale"_s, [=](SharedSegment &s) { QObject::connect(&s, &SharedSegment::staleChanged, &s, nothing); }},
        {u"age"_s, [=](SharedSegment &s) { QObject::connect(&s, &SharedSegment::ageChanged, &s, nothing); }},
        {u"connection"_s,
         [=](SharedSegment &s) { QObject::disconnect(QObject::connect(&s, &SharedSegment::ageChanged, &s, nothing)); }},
        {u"all"_s,
         [=](SharedSegment &s) {
             QObject receiver;
             QObject::connect(&s, &SharedSegment::ageChanged, &receiver, nothing);
             s.disconnect(&receiver);
         }},
        {u"receiver"_s,
         [=](SharedSegment &s) {
             QObject receiver;
             QObject::connect(&s, &SharedSegment::ageChanged, &receiver, nothing);
         }},
        {u"thread"_s,
         [=](SharedSegment &s) {
             std::thread([&s, nothing] {
                 QObject receiver;
                 QObject::connect(&s, &SharedSegment::ageChanged, &receiver, nothing, Qt::DirectConnection);
             }).join();
         }},
        {u"later"_s,
         [=](SharedSegment &s) {
             auto *const receiver = new QObject(&s);
             QObject::connect(&s, &SharedSegment::ageChanged, receiver, [receiver] { receiver->deleteLater(); });
         }},
    };
    return all;
}

/// A process with the segment `name` open. Prints "ready", and on each line how often it has slept so far.
int runCase(const QString &name, const Case &start)
{
    alarm(60); // Not left behind if a shell started it.
    SharedSegment s(name);
    s.setStaleAfter(1);
    if (!s.open())
        return 1;
    start(s);
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, [] {
        char text[64];
        if (read(STDIN_FILENO, text, sizeof text) <= 0) {
            QCoreApplication::quit();
            return;
        }
        std::printf("%ld\n", childprocess::timesSlept());
        std::fflush(stdout);
    });
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}

} // namespace

class tst_StaleWakeUps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wakeUps();

private:
    RegistryFolder m_folder;
};

void tst_StaleWakeUps::wakeUps()
{
    SharedSegment s(uniqueName());
    QVERIFY(s.create(SharedLayout::of<quint64>(), 8));
    QVERIFY(s.publish(QByteArray(64, 'x')));
    QTest::qSleep(2);
    std::map<QString, std::unique_ptr<Peer>> children;
    for (const auto &[name, start] : cases()) {
        children[name] =
            std::make_unique<Peer>(QStringList{u"case"_s, name, s.name()}, QCoreApplication::applicationFilePath());
    }
    const auto count = [](Peer &child) {
        for (;;) {
            const QString line = child.ask("count");
            if (!line.contains(u' '))
                return line.toInt();
        }
    };
    std::map<QString, int> before;
    for (auto &[name, child] : children) {
        QString line = child->line();
        if (name == u"read"_s)
            line = child->line();
        QCOMPARE(line, u"ready"_s);
    }
    // What they have left to do at first.
    QTest::qSleep(300);
    for (auto &[name, child] : children)
        before[name] = count(*child);
    QTest::qSleep(700);
    std::map<QString, int> slept;
    for (auto &[name, child] : children)
        slept[name] = count(*child) - before[name];
    for (const auto &[name, times] : slept) {
        const QString text = u"%1: %2"_s.arg(name).arg(times);
        // One to answer; a few for what else the system does to it, although not in step with time.
        if (name == u"age"_s)
            QVERIFY2(times >= 5 && times <= 20, qPrintable(text));
        else
            QVERIFY2(times >= 1 && times <= 3, qPrintable(text));
    }
    for (auto &[name, child] : children)
        QVERIFY2(child->finish(), qPrintable(name));
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"case"_s)
        return runCase(arguments.value(3), cases().at(arguments.value(2)));
    tst_StaleWakeUps test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stalewakeups.moc"
