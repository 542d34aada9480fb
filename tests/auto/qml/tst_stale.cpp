// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What is bound to `stale` in a window becomes grey when its publisher is stopped or killed, and costs nothing once it is
// unbound. Publishers are processes of their own.

#include "../../support/posixchild.h"
#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedPlot>
#include <SharedSegment/SharedSeries>

#include <QtCore/QSocketNotifier>
#include <QtCore/QTimer>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QSignalSpy>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;
using namespace testsupport;
using State = SharedSegment::State;

namespace {

constexpr int Cells = 40;
constexpr int StaleAfter = 300; // ms

void say(const QString &line)
{
    std::puts(qPrintable(line));
    std::fflush(stdout);
}

/// Publishes 50 times a second until it is killed.
int publishOften(const QString &name)
{
    alarm(60);
    SharedArray<double> array(name);
    if (!array.create(Cells))
        return 1;
    std::vector<double> values(Cells, 0);
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        values[0] += 1;
        array.publish(values);
    });
    timer.start(20);
    say(u"ready"_s);
    return QCoreApplication::exec();
}

/// Appends 1000 elements a second to a stream until it is killed.
int appendOften(const QString &name)
{
    alarm(60);
    SharedSegment stream(name);
    stream.setKind(SharedSegment::Kind::Stream);
    stream.setMetadata({{u"sampleRate"_s, 1000}});
    if (!stream.create(SharedLayout::of<float>(), 10'000))
        return 1;
    const std::vector<float> values(20, 0.5F);
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        stream.append(
            QByteArray(reinterpret_cast<const char *>(values.data()), qsizetype(values.size() * sizeof(float))));
    });
    timer.start(20);
    say(u"ready"_s);
    return QCoreApplication::exec();
}

/// Binds to age and stale and, with "unbound", ends the bindings again. Says on each line how often it has slept.
int bindAndCount(const QString &name, const QString &what)
{
    alarm(60);
    QQmlEngine engine;
    engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&engine);
    component.setData(R"(
import QtQml
import SharedSegment
QtObject {
    id: root
    property string name
    property bool isBound: true
    property int changes: 0
    property SharedSegment segment: SharedSegment { name: root.name; active: true; staleAfter: 50 }
    property Instantiator bindings: Instantiator {
        active: root.isBound
        model: 3
        delegate: QtObject {
            property string text: `${root.segment.age} ${root.segment.stale}`
            onTextChanged: ++root.changes
        }
    }
})",
                      QUrl());
    const std::unique_ptr<QObject> root(component.createWithInitialProperties({{u"name"_s, name}}));
    if (!root)
        return 1;
    // What is bound has changed before it is unbound.
    while (root->property("changes").toInt() < 5)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    root->setProperty("isBound", what == u"bound"_s);
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, [] {
        char text[64];
        if (read(STDIN_FILENO, text, sizeof text) <= 0) {
            QCoreApplication::quit();
            return;
        }
        say(QString::number(childprocess::timesSlept()));
    });
    say(u"ready"_s);
    return QCoreApplication::exec();
}

std::unique_ptr<Peer> child(const QStringList &arguments)
{
    auto peer = std::make_unique<Peer>(arguments, QCoreApplication::applicationFilePath());
    if (const QString answer = peer->line(); answer != u"ready"_s)
        qWarning("child: %s", qPrintable(answer));
    return peer;
}

} // namespace

class tst_Stale : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void stoppedPublisher();
    void killedPublisher();
    void plotOfStoppedAndKilledPublisher();
    void unbound();

private:
    /// Shows the values of the name in a window, and has what happens noted in m_events.
    void show(const QString &name, int staleAfter);
    SharedSegment *segment() const { return m_view->rootObject()->property("segment").value<SharedSegment *>(); }
    int greyCells() const
    {
        const auto cells = m_view->rootObject()->childItems();
        return int(std::count_if(cells.begin(), cells.end(), [](QQuickItem *cell) {
            return cell->property("color").value<QColor>() == QColor(u"grey"_s);
        }));
    }
    /// Whether the picture of the window has no other colour than `color`.
    bool isPainted(const QColor &color) const
    {
        const QImage picture = m_view->grabWindow();
        for (int x = 0; x < Cells; ++x) {
            if (picture.pixelColor(x * 4 + 2, 2) != color)
                return false;
        }
        return true;
    }

    RegistryFolder m_folder;
    std::unique_ptr<QQuickView> m_view;
    QStringList m_events;
};

void tst_Stale::show(const QString &name, int staleAfter)
{
    m_view = std::make_unique<QQuickView>();
    m_view->engine()->addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(m_view->engine());
    component.setData(R"(
import QtQuick
import SharedSegment
Row {
    id: root
    required property string name
    required property int staleAfter
    property SharedSegment segment: SharedSegment { name: root.name; active: true; staleAfter: root.staleAfter }
    Repeater {
        model: SharedArrayModel { segment: root.segment }
        Rectangle {
            width: 4
            height: 4
            color: root.segment.stale ? "grey" : "green"
        }
    }
})",
                      QUrl());
    QObject *const root = component.createWithInitialProperties({{u"name"_s, name}, {u"staleAfter"_s, staleAfter}});
    QVERIFY2(root, qPrintable(component.errorString()));
    m_view->setContent(QUrl(), nullptr, root);
    m_view->resize(4 * Cells, 4);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get(), Deadline));
    QTRY_VERIFY_WITH_TIMEOUT(segment()->revision() > 2, Deadline);
    QTRY_COMPARE_WITH_TIMEOUT(m_view->rootObject()->childItems().size(), Cells + 1, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(isPainted(QColor(u"green"_s)), Deadline);
    m_events.clear();
    const auto note = [this](const QString &what) {
        if (m_events.isEmpty() || m_events.last() != what)
            m_events.append(what);
    };
    connect(segment(), &SharedSegment::updated, this, [=] { note(u"updated"_s); });
    connect(segment(), &SharedSegment::orphaned, this, [=] { note(u"orphaned"_s); });
    connect(segment(), &SharedSegment::staleChanged, this,
            [=, this] { note(segment()->isStale() ? u"stale"_s : u"live"_s); });
    // The bindings are connected to the signal before this.
    connect(m_view.get(), &QQuickWindow::frameSwapped, this, [=, this] {
        if (greyCells() == Cells)
            note(u"grey"_s);
    });
}

void tst_Stale::stoppedPublisher()
{
    const QString name = uniqueName();
    auto publisher = child({u"publish"_s, name});
    show(name, StaleAfter);
    qint64 ageThen = 0;
    connect(segment(), &SharedSegment::staleChanged, this, [&] {
        if (segment()->isStale())
            ageThen = segment()->age();
    });
    QTRY_COMPARE_WITH_TIMEOUT(m_events.value(0), u"updated"_s, Deadline);
    QVERIFY(::kill(pid_t(publisher->pid()), SIGSTOP) == 0);
    // On a busy machine it may have been stale before for a while. In the end, no event but time has made it so.
    const QStringList expected{u"updated"_s, u"stale"_s, u"grey"_s};
    QTRY_COMPARE_WITH_TIMEOUT(m_events.sliced(std::max<qsizetype>(m_events.size() - 3, 0)), expected, Deadline);
    QCOMPARE(segment()->state(), State::Open);
    QVERIFY2(ageThen >= StaleAfter, qPrintable(QString::number(ageThen)));
    QVERIFY(isPainted(QColor(u"grey"_s)));
    QVERIFY(::kill(pid_t(publisher->pid()), SIGCONT) == 0);
    QTRY_COMPARE_WITH_TIMEOUT(greyCells(), 0, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(isPainted(QColor(u"green"_s)), Deadline);
    m_view.reset();
}

void tst_Stale::killedPublisher()
{
    const QString name = uniqueName();
    auto publisher = child({u"publish"_s, name});
    show(name, 10 * Deadline);
    publisher->kill();
    QTRY_VERIFY_WITH_TIMEOUT(m_events.contains(u"grey"_s), Deadline);
    QCOMPARE(m_events.last(3), QStringList({u"stale"_s, u"orphaned"_s, u"grey"_s}));
    QCOMPARE(m_events.count(u"stale"_s), 1);
    QVERIFY(segment()->age() < 10 * Deadline);
    QVERIFY(isPainted(QColor(u"grey"_s)));
    m_view.reset();
    SharedSegment::names(); // sweeps what it left
}

/// A plot of the last seconds is live only where data are: time goes on without them, and the line is pale.
void tst_Stale::plotOfStoppedAndKilledPublisher()
{
    constexpr int Width = 200;
    constexpr int Height = 50;
    const QString name = uniqueName();
    auto publisher = child({u"append"_s, name});
    SharedSegment stream(name);
    stream.setStaleAfter(StaleAfter);
    stream.setActive(true);
    QQuickView window;
    window.resize(Width, Height);
    window.setColor(Qt::white);
    SharedPlot plot(window.contentItem());
    plot.setSize(QSizeF(Width, Height));
    plot.setAxesVisible(false);
    plot.setGridVisible(false);
    SharedSeries series(&plot);
    series.setColor(Qt::black);
    series.setLineWidth(5);
    series.setTimeSpan(0.8);
    series.setSegment(&stream);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window, Deadline));
    enum Color { Empty, Pale, Live };
    const auto colorAt = [&window](int column) {
        const int red = qRed(window.grabWindow().pixel(column, Height / 2));
        return red < 60 ? Live : red < 230 ? Pale : Empty;
    };
    const auto isLive = [&] { return colorAt(Width * 9 / 10) == Live && colorAt(Width / 2) == Live; };
    QTRY_VERIFY_WITH_TIMEOUT(isLive(), Deadline);

    QVERIFY(::kill(pid_t(publisher->pid()), SIGSTOP) == 0);
    QTRY_VERIFY_WITH_TIMEOUT(colorAt(Width * 9 / 10) == Empty && colorAt(Width / 4) == Pale, Deadline);
    QVERIFY(stream.isStale());
    QCOMPARE(stream.state(), State::Open);
    const QAbstractItemModel &legend = *plot.legend();
    const int staleRole = legend.roleNames().key("stale");
    QVERIFY(legend.data(legend.index(0, 0), staleRole).toBool());
    QVERIFY(::kill(pid_t(publisher->pid()), SIGCONT) == 0);
    // What was missing stays missing.
    const auto hasGap = [&] {
        const QImage image = window.grabWindow();
        int first = Width - 1;
        while (first > 0 && qRed(image.pixel(first, Height / 2)) < 60)
            --first;
        return first < Width - 5 && first > 0 && qRed(image.pixel(first - 2, Height / 2)) > 230;
    };
    QTRY_VERIFY_WITH_TIMEOUT(hasGap(), Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(isLive(), Deadline);

    publisher->kill();
    QTRY_COMPARE_WITH_TIMEOUT(stream.state(), State::Orphaned, Deadline);
    QTRY_VERIFY_WITH_TIMEOUT(colorAt(Width * 9 / 10) == Empty && colorAt(Width / 4) == Pale, Deadline);
    const auto isEmpty = [&window] {
        const QImage image = window.grabWindow();
        for (int x = 0; x < Width; ++x) {
            if (qRed(image.pixel(x, Height / 2)) < 250)
                return false;
        }
        return true;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isEmpty(), Deadline);
    // Time goes on: once might be for another reason.
    for (int step = 0; step < 2; ++step) {
        const double then = plot.xMaximum();
        QTRY_VERIFY_WITH_TIMEOUT(plot.xMaximum() > then + 500, Deadline);
    }
    QVERIFY(plot.isFollowing());
    stream.setActive(false);
    SharedSegment::names(); // sweeps what it left
}

void tst_Stale::unbound()
{
    SharedArray<double> array(uniqueName());
    QVERIFY(array.create(1));
    QVERIFY(array.publish(std::vector<double>(1, 1)));
    const auto bound = child({u"bind"_s, array.segment()->name(), u"bound"_s});
    const auto unbound = child({u"bind"_s, array.segment()->name(), u"unbound"_s});
    QTest::qSleep(300); // what they have left to do
    const int boundBefore = bound->ask("count").toInt();
    const int unboundBefore = unbound->ask("count").toInt();
    QTest::qSleep(700);
    const int boundTimes = bound->ask("count").toInt() - boundBefore;
    const int unboundTimes = unbound->ask("count").toInt() - unboundBefore;
    // Three bindings wake it no more than one does: ten times a second.
    QVERIFY2(boundTimes >= 5 && boundTimes <= 20, qPrintable(QString::number(boundTimes)));
    QVERIFY2(unboundTimes >= 1 && unboundTimes <= 3, qPrintable(QString::number(unboundTimes)));
    QVERIFY(bound->finish());
    QVERIFY(unbound->finish());
}

int main(int argc, char **argv)
{
    QGuiApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.value(1) == u"publish"_s)
        return publishOften(arguments.value(2));
    if (arguments.value(1) == u"append"_s)
        return appendOften(arguments.value(2));
    if (arguments.value(1) == u"bind"_s)
        return bindAndCount(arguments.value(2), arguments.value(3));
    tst_Stale test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_stale.moc"
