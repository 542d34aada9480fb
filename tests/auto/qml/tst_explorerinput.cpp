// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a user does with the explorer: mouse and keys as real events in its window, while other processes publish and are killed.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>

#include <QtGui/QClipboard>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlApplicationEngine>
#include <QtQml/QQmlListReference>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickWindow>

#include <memory>

using namespace Qt::StringLiterals;
using namespace testsupport;

class tst_ExplorerInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void filterTyped();
    void namesByKeys();
    void listedTakesNoSlot();
    void fieldClicked();
    void fieldDragged();
    void oneOpeningForAll();
    void spanChosen();
    void cellEdited();
    void wrongInput();
    void ownerAloneWrites();
    void linesCopied();
    void logPaused();
    void ownerKilled();

private:
    static constexpr int Pace = 30; // ms between a user's events

    /// Starts an owner of `capacity` elements.
    Peer *own(const QString &name, const QString &layout, int capacity = 3, const QString &writers = u"one"_s,
              const QString &kind = u"fixed"_s, const QString &metadata = u"{}"_s);
    /// Shows the window, with a name chosen.
    void show(const QString &chosen = QString());
    /// Returns the visible item with this object name, or null.
    QQuickItem *find(const QString &name) const;
    QString textOf(const QString &name) const;
    /// Returns the rows of the tree; items that it keeps for others are visible, too.
    int rows() const { return find(u"tree"_s)->property("rows").toInt(); }
    static QPoint centre(const QQuickItem *item);
    void click(const QString &name);
    void doubleClick(const QString &name);
    void type(const QString &text);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    /// Presses Tab until the item has the focus.
    void tabTo(const QString &name);

    RegistryFolder m_registry;
    std::vector<std::unique_ptr<Peer>> m_peers;
    std::unique_ptr<QQmlApplicationEngine> m_engine;
    QQuickWindow *m_window = nullptr;
};

#define TRY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, Deadline)
#define TRY_COMPARE(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, Deadline)

void tst_ExplorerInput::init()
{
    QTest::failOnWarning(QRegularExpression(u"."_s));
}

void tst_ExplorerInput::cleanup()
{
    m_engine.reset();
    m_window = nullptr;
    m_peers.clear();
    SharedSegment::names(); // takes away what the killed ones left
}

Peer *tst_ExplorerInput::own(const QString &name, const QString &layout, int capacity, const QString &writers,
                             const QString &kind, const QString &metadata)
{
    m_peers.push_back(std::make_unique<Peer>(QStringList{u"own"_s, name, layout, QString::number(capacity),
                                                         u"automatic"_s, u"0"_s, writers, kind, metadata}));
    if (m_peers.back()->line() != u"ready"_s)
        qFatal("The owner of %s did not start.", qPrintable(name));
    return m_peers.back().get();
}

void tst_ExplorerInput::show(const QString &chosen)
{
    m_engine = std::make_unique<QQmlApplicationEngine>();
    m_engine->addImportPath(testPath("IMPORT_PATH"));
    m_engine->addImportPath(u"qrc:/"_s);
    m_engine->setInitialProperties({{u"first"_s, chosen}});
    m_engine->load(QUrl(u"qrc:/SharedSegmentExplorer/Main.qml"_s));
    QVERIFY(!m_engine->rootObjects().isEmpty());
    m_window = qobject_cast<QQuickWindow *>(m_engine->rootObjects().first());
    QVERIFY(m_window);
    QVERIFY(QTest::qWaitForWindowExposed(m_window));
    m_window->requestActivate(); // there may be no window manager that does
    QVERIFY(QTest::qWaitForWindowActive(m_window));
}

QQuickItem *tst_ExplorerInput::find(const QString &name) const
{
    QList<QQuickItem *> items{m_window->contentItem()};
    while (!items.isEmpty()) {
        QQuickItem *const item = items.takeFirst();
        if (!item->isVisible())
            continue;
        if (item->objectName() == name)
            return item;
        items += item->childItems();
    }
    return nullptr;
}

QString tst_ExplorerInput::textOf(const QString &name) const
{
    const QQuickItem *const item = find(name);
    return item ? item->property("text").toString() : QString();
}

QPoint tst_ExplorerInput::centre(const QQuickItem *item)
{
    return item->mapToScene({item->width() / 2, item->height() / 2}).toPoint();
}

void tst_ExplorerInput::click(const QString &name)
{
    TRY(find(name));
    QTest::qWait(Pace);
    QTest::mouseClick(m_window, Qt::LeftButton, {}, centre(find(name)));
    QTest::qWait(Pace);
}

void tst_ExplorerInput::doubleClick(const QString &name)
{
    click(name);
    QTest::mouseDClick(m_window, Qt::LeftButton, {}, centre(find(name)));
    QTest::qWait(Pace);
}

void tst_ExplorerInput::type(const QString &text)
{
    for (const QChar character : text) {
        QTest::keyClick(m_window, character.toLatin1());
        QTest::qWait(Pace);
    }
}

void tst_ExplorerInput::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(m_window, key, modifiers);
    QTest::qWait(Pace);
}

void tst_ExplorerInput::tabTo(const QString &name)
{
    for (int i = 0; i < 30 && !find(name)->hasActiveFocus(); ++i)
        press(Qt::Key_Tab);
    QVERIFY2(find(name)->hasActiveFocus(), qPrintable(name));
}

void tst_ExplorerInput::filterTyped()
{
    for (const auto &name : {u"plant/speed"_s, u"plant/load"_s, u"office"_s})
        own(name, u"u64"_s);
    show();
    TRY_COMPARE(textOf(u"status"_s), u"3 segments"_s);
    type(u"PLA spe"_s);
    TRY_COMPARE(textOf(u"status"_s), u"1 segment"_s);
    TRY_COMPARE(rows(), 2); // a folder, open, and the name
    QVERIFY(find(u"name speed"_s));
    press(Qt::Key_Escape);
    TRY_COMPARE(textOf(u"status"_s), u"3 segments"_s);
    type(u"nothing"_s);
    TRY_COMPARE(textOf(u"status"_s), u"0 segments"_s);
}

void tst_ExplorerInput::namesByKeys()
{
    own(u"plant/load"_s, u"u64"_s)->ask("publish 7");
    own(u"office"_s, u"u64"_s);
    show();
    TRY(find(u"name plant"_s));
    press(Qt::Key_Down); // from the filter into the tree
    press(Qt::Key_Down);
    TRY_COMPARE(textOf(u"heading"_s), u"office"_s);
    press(Qt::Key_Down);
    press(Qt::Key_Right); // opens the folder
    TRY(find(u"name load"_s));
    press(Qt::Key_Down);
    TRY_COMPARE(textOf(u"heading"_s), u"plant/load"_s);
    TRY_COMPARE(textOf(u"cell 0 0"_s), u"7"_s);
    press(Qt::Key_Return);
    TRY(find(u"elements"_s)->hasActiveFocus());
    press(Qt::Key_F, Qt::ControlModifier);
    TRY(find(u"filter"_s)->hasActiveFocus());
}

void tst_ExplorerInput::listedTakesNoSlot()
{
    own(u"listed"_s, u"u64"_s);
    own(u"chosen"_s, u"u64"_s);
    show(u"chosen"_s);
    TRY(find(u"name listed"_s));
    TRY_COMPARE(textOf(u"fact Listeners"_s), u"1"_s);
    SharedSegment listed(u"listed"_s);
    QVERIFY(listed.open());
    QCOMPARE(listed.listenerCount(), 0);
}

void tst_ExplorerInput::fieldClicked()
{
    own(u"sensors"_s, u"Sensor{x:u64;y:u64}"_s, 3, u"one"_s, u"fixed"_s,
        uR"({"fields": {"x": {"label": "Speed", "unit": "m/s"}}})"_s)
        ->ask("publish 7");
    show(u"sensors"_s);
    TRY_COMPARE(textOf(u"cell 0 0"_s), u"7"_s);
    QVERIFY(!find(u"plot"_s));
    click(u"field x"_s);
    TRY(find(u"legend Speed"_s) && find(u"plot"_s));
    TRY(textOf(u"legend Speed"_s).endsWith(u"m/s"_s));
    QVERIFY(find(u"cell 0 0"_s)); // the table stays above
    click(u"remove Speed"_s);
    TRY(!find(u"plot"_s));
    // By keys: plotted, hidden, removed.
    tabTo(u"field x"_s);
    press(Qt::Key_Space);
    TRY(find(u"legend Speed"_s));
    tabTo(u"entry Speed"_s);
    press(Qt::Key_Space);
    TRY(find(u"entry Speed"_s) && !find(u"entry Speed"_s)->property("shown").toBool());
    press(Qt::Key_Delete);
    TRY(!find(u"plot"_s));
}

void tst_ExplorerInput::fieldDragged()
{
    own(u"sensors"_s, u"Sensor{x:u64;y:u64}"_s)->ask("publish 7");
    show(u"sensors"_s);
    TRY(find(u"field y"_s));
    QPoint at = centre(find(u"field y"_s));
    QTest::mousePress(m_window, Qt::LeftButton, {}, at);
    for (int i = 0; i < 4; ++i) {
        at += QPoint(5, 10);
        QTest::mouseMove(m_window, at);
        QTest::qWait(Pace);
    }
    TRY(find(u"plots"_s));
    QTest::mouseMove(m_window, centre(find(u"plots"_s)));
    QTest::qWait(Pace);
    QTest::mouseRelease(m_window, Qt::LeftButton, {}, centre(find(u"plots"_s)));
    TRY(find(u"legend y"_s));
    QVERIFY(!find(u"legend x"_s));
}

/// What is chosen and plotted is open once.
void tst_ExplorerInput::oneOpeningForAll()
{
    own(u"constructor"_s, u"u64"_s); // a word that each object of JavaScript knows
    own(u"sensors"_s, u"Sensor{x:u64;y:u64}"_s)->ask("publish 7");
    SharedSegment sensors(u"sensors"_s);
    QVERIFY(sensors.open());
    constexpr int Own = 1;
    show(u"sensors"_s);
    TRY_COMPARE(sensors.listenerCount(), Own + 1);
    click(u"field x"_s);
    click(u"field y"_s);
    TRY(find(u"legend x"_s) && find(u"legend y"_s));
    TRY(textOf(u"legend x"_s).contains(QRegularExpression(u"[0-9]"_s)));
    QCOMPARE(sensors.listenerCount(), Own + 1);
    click(u"name constructor"_s);
    TRY_COMPARE(textOf(u"heading"_s), u"constructor"_s);
    QTest::qWait(Pace);
    QCOMPARE(sensors.listenerCount(), Own + 1);
    QVERIFY(textOf(u"legend x"_s).contains(QRegularExpression(u"[0-9]"_s)));
    click(u"remove x"_s);
    click(u"remove y"_s);
    TRY_COMPARE(sensors.listenerCount(), Own);
    QCOMPARE(textOf(u"heading"_s), u"constructor"_s);
}

void tst_ExplorerInput::spanChosen()
{
    Peer *const peer = own(u"log"_s, u"f64"_s, 100, u"one"_s, u"stream"_s, uR"({"sampleRate": 100})"_s);
    show(u"log"_s);
    TRY(find(u"span"_s));
    peer->ask("append 50");
    const auto seconds = [this] {
        const QQuickItem *const plot = find(u"plot"_s);
        return qRound((plot->property("xMaximum").toDouble() - plot->property("xMinimum").toDouble()) / 1000);
    };
    TRY_COMPARE(seconds(), 10);
    click(u"span 1"_s);
    TRY_COMPARE(seconds(), 60);
    // By keys, and back to the newest data.
    tabTo(u"span"_s);
    find(u"plot"_s)->setProperty("following", false);
    press(Qt::Key_Right);
    TRY_COMPARE(seconds(), 600);
    // As if that did not fit into memory.
    const QQmlListReference series(find(u"plot"_s), "series");
    series.at(0)->property("segment").value<SharedSegment *>()->setError(SharedSegment::Error::OutOfMemory, u"many"_s);
    TRY(textOf(u"plot problem"_s).startsWith(u"10 min of log "_s));
    press(Qt::Key_Right);
    press(Qt::Key_Left);
    press(Qt::Key_Left);
    TRY_COMPARE(seconds(), 10);
    QVERIFY(find(u"plot"_s)->property("following").toBool());
    TRY_COMPARE(textOf(u"plot problem"_s), QString());
    // An array has no span.
    own(u"array"_s, u"f64"_s)->ask("publish 7");
    click(u"name array"_s);
    click(u"field value"_s);
    TRY(find(u"legend value"_s));
    TRY(!find(u"span"_s));
}

/// How much memory of segments this process could write to.
static int writableMappings()
{
#ifdef Q_OS_LINUX
    QFile maps(u"/proc/self/maps"_s);
    if (maps.open(QIODevice::ReadOnly))
        return int(QString::fromUtf8(maps.readAll()).split(u'\n').filter(u"rw-s"_s).filter(u"memfd:"_s).size());
#endif
    return 0;
}

void tst_ExplorerInput::cellEdited()
{
    own(u"setpoints"_s, u"f64"_s, 3, u"many"_s);
    show(u"setpoints"_s);
    SharedArray<double> setpoints(u"setpoints"_s);
    QVERIFY(setpoints.open());
    const int before = writableMappings();
    doubleClick(u"cell 1 0"_s);
    TRY(find(u"editor"_s) && find(u"editor"_s)->hasActiveFocus());
    type(u"21.5"_s);
    QCOMPARE(setpoints.readElement(1), 0.0);
    if (preferredBackend() == SharedSegment::Backend::Memfd)
        QVERIFY(writableMappings() > before);
    press(Qt::Key_Return);
    TRY_COMPARE(setpoints.readElement(1), 21.5);
    QCOMPARE(setpoints.readElement(0), 0.0);
    TRY(!find(u"editor"_s));
    TRY_COMPARE(textOf(u"cell 1 0"_s), QLocale().toString(21.5));
    TRY_COMPARE(writableMappings(), before);
    // By keys, and not after all.
    press(Qt::Key_Down);
    press(Qt::Key_F2);
    TRY(find(u"editor"_s));
    type(u"99"_s);
    press(Qt::Key_Escape);
    TRY(!find(u"editor"_s));
    QCOMPARE(setpoints.readElement(2), 0.0);
}

void tst_ExplorerInput::wrongInput()
{
    own(u"setpoints"_s, u"f64"_s, 3, u"many"_s);
    show(u"setpoints"_s);
    doubleClick(u"cell 1 0"_s);
    TRY(find(u"editor"_s));
    type(u"warm"_s);
    press(Qt::Key_Return);
    TRY(textOf(u"notice"_s).contains(u"warm"_s) && textOf(u"notice"_s).contains(u"row 1"_s));
    type(u"4"_s); // in place of the wrong one
    press(Qt::Key_Return);
    TRY(!find(u"editor"_s));
    TRY_COMPARE(textOf(u"cell 1 0"_s), u"4"_s);
}

void tst_ExplorerInput::ownerAloneWrites()
{
    own(u"measured"_s, u"f64"_s);
    show(u"measured"_s);
    doubleClick(u"cell 0 0"_s);
    TRY(textOf(u"notice"_s).contains(u"multipleWriters"_s));
    QVERIFY(!find(u"editor"_s));
}

void tst_ExplorerInput::linesCopied()
{
    own(u"sensors"_s, u"Sensor{x:u64;y:u64}"_s)->ask("publish 7");
    show(u"sensors"_s);
    click(u"copy Python"_s);
    TRY_COMPARE(QGuiApplication::clipboard()->text(), u"s = sharedsegment.open(\"sensors\")"_s);
    TRY_COMPARE(textOf(u"cell 0 0"_s), u"7"_s);
    tabTo(u"line C++"_s);
    press(Qt::Key_Space);
    TRY(QGuiApplication::clipboard()->text().startsWith(u"SharedSegment s(u\"sensors\"_s)"_s));
    click(u"cell 0 0"_s);
    press(Qt::Key_C, Qt::ControlModifier);
    TRY(QGuiApplication::clipboard()->text().startsWith(u"7\t"_s));
}

void tst_ExplorerInput::logPaused()
{
    Peer *const peer = own(u"log"_s, u"u64"_s, 100, u"one"_s, u"stream"_s);
    show(u"log"_s);
    TRY(find(u"elements"_s));
    peer->ask("append 2");
    TRY(find(u"cell 1 0"_s));
    click(u"pause"_s);
    peer->ask("append 1");
    QTest::qWait(4 * Pace);
    QVERIFY(!find(u"cell 2 0"_s));
    click(u"pause"_s);
    peer->ask("append 1");
    TRY(find(u"cell 3 0"_s));
}

void tst_ExplorerInput::ownerKilled()
{
    own(u"stays"_s, u"u64"_s);
    Peer *const peer = own(u"killed"_s, u"u64"_s);
    peer->ask("publish 7");
    show(u"killed"_s);
    TRY_COMPARE(textOf(u"cell 0 0"_s), u"7"_s);
    click(u"field value"_s);
    TRY(find(u"legend value"_s));
    const auto colourOf = [this](const QString &name) { return find(name)->property("color").value<QColor>(); };
    const QColor live = colourOf(u"cell 0 0"_s);
    QCOMPARE(colourOf(u"name killed"_s), live);
    peer->kill();
    TRY(colourOf(u"cell 0 0"_s) != live);
    TRY(colourOf(u"name killed"_s) != live);
    TRY(colourOf(u"legend value"_s) == colourOf(u"cell 0 0"_s));
    QVERIFY(textOf(u"state"_s).contains(u"last values"_s));
    QCOMPARE(textOf(u"cell 0 0"_s), u"7"_s);
    QCOMPARE(colourOf(u"name stays"_s), live);
    click(u"remove ended"_s);
    TRY_COMPARE(rows(), 1);
    TRY_COMPARE(textOf(u"status"_s), u"1 segment"_s);
}

QTEST_MAIN(tst_ExplorerInput)
#include "tst_explorerinput.moc"
