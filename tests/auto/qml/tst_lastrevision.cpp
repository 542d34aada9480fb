// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// Whatever comes together (a new owner, a view that fills itself, publications in bursts): in the end all show the last revision.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArrayModel>
#include <SharedSegment/SharedSeries>

#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>

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
        property alias own: own
        property alias plot: plot
        readonly property double inObject: object.value
        readonly property double inList: list.count > 0 ? list.itemAt(0).value : 0

        width: 200
        height: 200

        SharedSegment {
            id: own

            name: root.name
            active: true
        }
        SharedObject {
            id: object

            property double value

            segment: own
        }
        Repeater {
            id: list

            model: SharedArrayModel {
                segment: own
            }
            delegate: Text {
                required property double value

                text: value
            }
        }
        SharedPlot {
            anchors.fill: parent

            SharedSeries {
                id: plot

                segment: own
            }
        }
    }
)";

} // namespace

class tst_LastRevision : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allShowIt_data();
    void allShowIt();

private:
    RegistryFolder m_folder;
};

void tst_LastRevision::allShowIt_data()
{
    QTest::addColumn<bool>("isSameLength");
    QTest::newRow("the same rows") << true;
    QTest::newRow("other rows") << false;
}

void tst_LastRevision::allShowIt()
{
    QFETCH(bool, isSameLength);
    constexpr int Owners = 150;
    constexpr int Bursts = 3;
    const QString name = uniqueName();
    QQuickView view;
    view.engine()->addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(view.engine());
    component.setData(Scene, QUrl());
    QObject *object = component.createWithInitialProperties({{u"name"_s, name}});
    QVERIFY2(object, qPrintable(component.errorString()));
    view.setContent(QUrl(), nullptr, object);
    view.show();
    const auto *segment = object->property("own").value<SharedSegment *>();
    const auto *plot = object->property("plot").value<SharedSeries *>();
    // Beside it, what a C++ object receives.
    SharedSegment listening(name);
    quint64 lastReceived = 0;
    connect(&listening, &SharedSegment::opened, this, [&] { lastReceived = listening.revision(); });
    connect(&listening, &SharedSegment::updated, this,
            [&](SharedRevision revision) { lastReceived = revision.number; });
    listening.setActive(true);

    std::mt19937 random(7);
    quint64 key = 0;
    for (int i = 0; i < Owners; ++i) {
        const auto peer = owner(name, preferredBackend(), isSameLength ? 8 : 3 + i % 7);
        quint64 revision = 0;
        for (int burst = 0; burst < Bursts; ++burst) {
            const auto publications = 1 + random() % 4;
            for (std::size_t k = 0; k < publications; ++k) {
                peer->tell(qPrintable(u"publish %1"_s.arg(++key)));
                // The first ones come while all objects here open and fill themselves.
                if (burst == 0 || random() % 2 == 0)
                    QCoreApplication::processEvents();
                else
                    QTest::qSleep(int(random() % 6));
            }
            // Meanwhile this process does nothing else, like a busy one.
            for (std::size_t k = 0; k < publications; ++k)
                QCOMPARE(peer->line(), u"published %1"_s.arg(++revision));
            const auto shown = [&] {
                return u"revision %1, segment %2, plot %3, object %4, list %5"_s.arg(segment->revision())
                    .arg(lastReceived)
                    .arg(plot->revision())
                    .arg(object->property("inObject").toULongLong())
                    .arg(object->property("inList").toULongLong());
            };
            const QString wanted = u"revision %1, segment %1, plot %1, object %2, list %2"_s.arg(revision).arg(key);
            QVERIFY2(QTest::qWaitFor([&] { return shown() == wanted; }, Deadline),
                     qPrintable(shown() + u" instead of "_s + wanted));
        }
    }
}

QTEST_MAIN(tst_LastRevision)
#include "tst_lastrevision.moc"
