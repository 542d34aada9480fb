// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "externalpeer.h"

#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace testsupport;

namespace {

constexpr char Source[] = R"(
    import QtQuick
    import SharedSegment

    ListView {
        id: view

        required property string externalName
        required property real externalOffset
        readonly property int state_: values.state

        SharedSegment {
            id: values

            externalName: view.externalName
            externalOffset: view.externalOffset
            layout: "f64"
            capacity: 10
            pollingInterval: 20
            active: true
        }
        width: 100
        height: 400
        model: SharedArrayModel { segment: values }
        delegate: Text {
            required property double value

            text: value
        }
    }
)";

} // namespace

/// QML shows and follows what Python and Boost hold.
class tst_ExternalView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void python();
    void boost();

private:
    std::unique_ptr<QQuickView> show(const QString &name, qint64 offset);
    static QString text(const QQuickView &view, int row)
    {
        QQuickItem *item = nullptr;
        QMetaObject::invokeMethod(view.rootObject(), "itemAtIndex", Q_RETURN_ARG(QQuickItem *, item), Q_ARG(int, row));
        return item ? item->property("text").toString() : QString();
    }

    QQmlEngine m_engine;
};

std::unique_ptr<QQuickView> tst_ExternalView::show(const QString &name, qint64 offset)
{
    m_engine.addImportPath(testPath("IMPORT_PATH"));
    QQmlComponent component(&m_engine);
    component.setData(Source, QUrl());
    QObject *item =
        component.createWithInitialProperties({{u"externalName"_s, name}, {u"externalOffset"_s, double(offset)}});
    if (!item)
        qWarning("%s", qPrintable(component.errorString()));
    auto view = std::make_unique<QQuickView>(&m_engine, nullptr);
    view->setContent(QUrl(), nullptr, item);
    view->show();
    return view;
}

void tst_ExternalView::python()
{
    ExternalName name;
    const auto view = show(name, 16);
    QVERIFY(view->rootObject());
    QCOMPARE(view->rootObject()->property("count").toInt(), 0);
    auto python = std::make_unique<PythonMemory>(name, 96);
    python->ask(u"set d 16 1.5 2.5"_s);
    QTRY_COMPARE(text(*view, 1), u"2.5"_s);
    QCOMPARE(view->rootObject()->property("count").toInt(), 10);
    python->ask(u"set d 24 7.25"_s);
    QTRY_COMPARE(text(*view, 1), u"7.25"_s);

    // Killed and started again: the last picture stays, then it goes on.
    python->kill();
    QTRY_COMPARE(view->rootObject()->property("state_").toInt(), int(SharedSegment::State::Orphaned));
    QCOMPARE(text(*view, 1), u"7.25"_s);
    python = std::make_unique<PythonMemory>(name, 96);
    python->ask(u"set d 24 8.5"_s);
    QTRY_COMPARE(text(*view, 1), u"8.5"_s);
}

void tst_ExternalView::boost()
{
    ExternalName name;
    Peer boost({u"managed"_s, name});
    const qint64 offset = boost.line().toLongLong();
    QCOMPARE(boost.line(), u"ready"_s);
    const auto view = show(name, offset);
    QTRY_COMPARE(text(*view, 3), u"1.5"_s);
    QCOMPARE(boost.ask("3 4.75"), u"ok"_s);
    QTRY_COMPARE(text(*view, 3), u"4.75"_s);
    QVERIFY(boost.finish());
}

QTEST_MAIN(tst_ExternalView)
#include "tst_externalview.moc"
