// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Engines that come and go, and bindings that change everything while a segment is open and its owner publishes.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedPlot>

#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

#include <random>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

constexpr char Scene[] = R"(
    import QtQuick
    import SharedSegment

    Item {
        id: root

        property string name
        property string layout
        property real capacity
        property bool active: true
        property QtObject segment: own
        property alias model: model
        property alias own: own

        width: 200
        height: 200

        SharedSegment {
            id: own

            name: root.name
            layout: root.layout
            capacity: root.capacity
            active: root.active
            onErrorOccurred: {} // no warnings of it
        }
        SharedObject {
            property real value

            segment: root.segment
        }
        ListView {
            anchors.fill: parent
            model: SharedArrayModel {
                id: model

                segment: root.segment
            }
            delegate: Text {
                required property var value

                text: value
            }
        }
        SharedPlot {
            anchors.fill: parent

            SharedSeries {
                segment: root.segment
            }
        }
    }
)";

constexpr char LoaderScene[] = R"(
    import QtQuick
    import SharedSegment

    Item {
        id: root

        property string name
        property bool isLoaded: false
        readonly property int rows: loader.item ? loader.item.count : -1

        width: 200
        height: 200

        Loader {
            id: loader

            anchors.fill: parent
            active: root.isLoaded
            sourceComponent: ListView {
                model: SharedArrayModel {
                    segment: SharedSegment {
                        name: root.name
                        active: true
                    }
                }
                delegate: Text {
                    required property real value

                    text: value
                }
                SharedPlot {
                    anchors.fill: parent

                    SharedSeries {
                        segment: SharedSegment {
                            name: root.name
                            active: true
                        }
                    }
                }
            }
        }
    }
)";

/// An engine with a window of its own.
class Window
{
public:
    explicit Window(const char *source, const QVariantMap &properties)
        : m_engine(std::make_unique<QQmlEngine>())
        , m_view(std::make_unique<QQuickView>(m_engine.get(), nullptr))
    {
        m_engine->addImportPath(testPath("IMPORT_PATH"));
        QObject::connect(m_engine.get(), &QQmlEngine::warnings, m_engine.get(),
                         [this](const QList<QQmlError> &warnings) {
                             for (const QQmlError &warning : warnings)
                                 m_warnings += warning.toString();
                         });
        QQmlComponent component(m_engine.get());
        component.setData(source, QUrl());
        m_view->setContent(QUrl(), nullptr, component.createWithInitialProperties(properties));
        m_view->show();
        if (!root())
            qWarning("%s", qPrintable(component.errorString()));
    }

    QQuickItem *root() const { return m_view->rootObject(); }
    SharedArrayModel *model() const { return root()->property("model").value<SharedArrayModel *>(); }
    SharedSegment *segment() const { return root()->property("own").value<SharedSegment *>(); }
    QStringList warnings() const { return m_warnings; }
    /// The engine is destroyed before its objects: the wrong order.
    void killEngine() { m_engine.reset(); }

private:
    QStringList m_warnings;
    std::unique_ptr<QQmlEngine> m_engine;
    std::unique_ptr<QQuickView> m_view;
};

} // namespace

class tst_Declarative : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void engineDiesFirst();
    void segmentOutlivesEngines();
    void listensToAnOwnerInCpp();
    void twoEnginesOnOneSegment();
    void bindingsChangeEverything();
    void loaderInALoop();

private:
    RegistryFolder m_folder;
};

void tst_Declarative::engineDiesFirst()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 100);
    peer->tell("spin");
    for (int i = 0; i < 20; ++i) {
        Window window(Scene, {{u"name"_s, name}});
        QTRY_VERIFY(window.model()->revision() > 0);
        window.killEngine();
        QTest::qWait(5);
    }
    QVERIFY(SharedSegment::exists(name));
}

void tst_Declarative::segmentOutlivesEngines()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    for (int i = 0; i < 20; ++i) {
        Window window(Scene, {{u"segment"_s, QVariant::fromValue(values.segment())}});
        QCOMPARE(window.model()->count(), 10);
        QVERIFY(values.publish(std::vector<double>(10, i)));
        QTRY_COMPARE(window.model()->revision(), values.revision());
        if (i % 2 == 0)
            window.killEngine();
    }
    QCOMPARE(values.readElement(3), 19.0);
}

/// An object without receivers before.
void tst_Declarative::listensToAnOwnerInCpp()
{
    SharedArray<double> values(uniqueName());
    QVERIFY(values.create(10));
    for (int i = 0; i < 3; ++i) {
        QVERIFY(values.publish(std::vector<double>(10, i)));
        QTest::qWait(1);
    }
    constexpr char Listener[] = R"(
        import QtQuick

        Item {
            property QtObject segment
            readonly property double bound: segment.revision
            property double handled

            Connections {
                target: segment
                function onUpdated(revision) { handled = revision.number; }
            }
        }
    )";
    const Window window(Listener, {{u"segment"_s, QVariant::fromValue(values.segment())}});
    QCOMPARE(window.root()->property("bound").toDouble(), 3.0);
    QVERIFY(values.publish(std::vector<double>(10, 4)));
    QTRY_COMPARE(window.root()->property("bound").toDouble(), 4.0);
    QTRY_COMPARE(window.root()->property("handled").toDouble(), 4.0);

    constexpr char BindingAlone[] = R"(
        import QtQuick

        Item {
            property QtObject segment
            readonly property double bound: segment.revision
        }
    )";
    SharedArray<double> others(uniqueName());
    QVERIFY(others.create(10));
    QVERIFY(others.publish(std::vector<double>(10, 1)));
    QTest::qWait(1);
    const Window bindingAlone(BindingAlone, {{u"segment"_s, QVariant::fromValue(others.segment())}});
    QVERIFY(others.publish(std::vector<double>(10, 2)));
    QTRY_COMPARE(bindingAlone.root()->property("bound").toDouble(), 2.0);
}

void tst_Declarative::twoEnginesOnOneSegment()
{
    const QString name = uniqueName();
    auto peer = owner(name, preferredBackend(), 100);
    auto first = std::make_unique<Window>(Scene, QVariantMap{{u"name"_s, name}});
    Window second(Scene, {{u"name"_s, name}});
    QCOMPARE(peer->ask("publish 1"), u"published 1"_s);
    QTRY_COMPARE(first->model()->revision(), 1u);
    QTRY_COMPARE(second.model()->revision(), 1u);
    first->killEngine();
    first.reset();
    QCOMPARE(peer->ask("publish 2"), u"published 2"_s);
    QTRY_COMPARE(second.model()->revision(), 2u);
    peer->kill();
    QTRY_COMPARE(second.segment()->state(), SharedSegment::State::Orphaned);
    peer = owner(name, preferredBackend(), 50);
    QTRY_COMPARE(second.model()->count(), 50);
    QCOMPARE(second.warnings(), QStringList());
}

void tst_Declarative::bindingsChangeEverything()
{
    const QString here = uniqueName();
    const QString there = uniqueName();
    const auto shorter = owner(here, preferredBackend(), 100);
    const auto longer = owner(there, SharedSegment::Backend::Posix, 1000);
    shorter->tell("spin");
    longer->tell("spin");
    Window window(Scene, {{u"name"_s, here}});
    // The properties are wrong on purpose; code that handles the signal gets no warning.
    connect(window.segment(), &SharedSegment::errorOccurred, this, [] {});
    // Fatal: it ends the program at the first wrong signal.
    const QAbstractItemModelTester tester(window.model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    std::mt19937 random(4);
    const QStringList names{here, there, u"nobody's"_s, QString()};
    const QStringList layouts{QString(), u"u64"_s, u"f64"_s, u"no layout"_s};
    const QList<double> lengths{0, 100, 1000, -1, 1e30};
    for (int i = 0; i < 2000; ++i) {
        switch (random() % 5) {
        case 0:
            window.root()->setProperty("name", names.at(qsizetype(random() % 4)));
            break;
        case 1:
            window.root()->setProperty("layout", layouts.at(qsizetype(random() % 4)));
            break;
        case 2:
            window.root()->setProperty("capacity", lengths.at(qsizetype(random() % 5)));
            break;
        case 3:
            window.root()->setProperty("active", random() % 3 != 0);
            break;
        default:
            QCoreApplication::processEvents();
            break;
        }
        const int count = window.model()->count();
        QVERIFY(count == 0 || count == 100 || count == 1000);
    }
    window.root()->setProperty("layout", QString());
    window.root()->setProperty("capacity", 0);
    window.root()->setProperty("active", true);
    window.root()->setProperty("name", there);
    QTRY_COMPARE(window.model()->count(), 1000);
    const quint64 revision = window.model()->revision();
    QTRY_VERIFY(window.model()->revision() > revision);
    QCOMPARE(window.warnings(), QStringList());
}

void tst_Declarative::loaderInALoop()
{
    const QString name = uniqueName();
    const auto peer = owner(name, preferredBackend(), 100);
    peer->tell("spin");
    Window window(LoaderScene, {{u"name"_s, name}});
    const auto descriptors = [] {
        return QDir(u"/proc/self/fd"_s).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
    };
    qsizetype before = 0;
    for (int i = 0; i < 300; ++i) {
        window.root()->setProperty("isLoaded", true);
        QCOMPARE(window.root()->property("rows").toInt(), 100);
        if (i % 3 == 0)
            QTest::qWait(1);
        window.root()->setProperty("isLoaded", false);
        QCOMPARE(window.root()->property("rows").toInt(), -1);
        if (i == 30) {
            QTest::qWait(10);
            before = descriptors();
        }
    }
#ifdef SHAREDSEGMENT_PORTABLE
    // The replacement for a kqueue closes its own in a moment.
    QTRY_VERIFY(descriptors() <= before);
#else
    QTest::qWait(10);
    QVERIFY(descriptors() <= before);
#endif
    // Qt 6.11 warns where delegates go before they are complete, which is what this does.
    QStringList warnings = window.warnings();
    warnings.removeIf([](const QString &warning) {
        return warning.contains(u"destroyed during incubation"_s) || warning.contains(u"Cannot create delegate"_s);
    });
    QCOMPARE(warnings, QStringList());
}

QTEST_MAIN(tst_Declarative)
#include "tst_declarative.moc"
