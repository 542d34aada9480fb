// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// A user types slowly into an unmodified view of Qt, while other processes publish, also to the same row.

#include "../../support/testsupport.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>

#include <QtCore/QTimer>
#include <QtQuick/QQuickItem>
#include <QtQuick/QQuickView>
#include <QtTest/QTest>
#include <QtWidgets/QDoubleSpinBox>
#include <QtWidgets/QListView>
#include <QtWidgets/QTableView>

using namespace Qt::StringLiterals;
using namespace testsupport;

struct Loop
{
    char name[24];
    double setpoint;
    double actual;
};
SHARED_STRUCT(Loop, name, setpoint, actual)

class tst_Typing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void tableView() { typeInto(std::make_unique<QTableView>()); }
    void listView();
    void textInput_data();
    void textInput();

private:
    static constexpr int Rows = 12;
    static constexpr int Row = 5;
    static constexpr int Column = 1;
    static constexpr int Period = 20; // ms

    void typeInto(std::unique_ptr<QAbstractItemView> view);
    template<typename Target>
    void typeSlowly(Target *target);

    RegistryFolder m_registry;
    std::unique_ptr<SharedArray<Loop>> m_loops;
    std::unique_ptr<SharedSegment> m_segment;
    std::unique_ptr<SharedArrayModel> m_model;
    QTimer m_publisher;
    int m_published = 0;
};

void tst_Typing::init()
{
    m_loops = std::make_unique<SharedArray<Loop>>(uniqueName());
    m_loops->segment()->setMultipleWriters(true);
    QVERIFY(m_loops->create(Rows));
    m_segment = std::make_unique<SharedSegment>(m_loops->segment()->name());
    QVERIFY(m_segment->open(SharedSegment::Access::ReadWrite));
    m_model = std::make_unique<SharedArrayModel>();
    m_model->setSegment(m_segment.get());
    connect(&m_publisher, &QTimer::timeout, this, [this] {
        ++m_published;
        auto next = m_loops->beginWrite();
        for (Loop &loop : next)
            loop.actual += 1;
        next[Row - 1].setpoint += 1;
    });
    m_publisher.start(Period);
}

void tst_Typing::cleanup()
{
    m_publisher.stop();
    m_publisher.disconnect();
    m_model.reset();
    m_segment.reset();
    m_loops.reset();
}

template<typename Target>
void tst_Typing::typeSlowly(Target *target)
{
    const int before = m_published;
    for (const char key : {'2', '1', '.', '5'}) {
        QTest::keyClick(target, key);
        QTest::qWait(150);
    }
    QVERIFY(m_published > before + 10);
}

void tst_Typing::typeInto(std::unique_ptr<QAbstractItemView> view)
{
    view->resize(600, 400);
    if (!view->model())
        view->setModel(m_model.get());
    view->show();
    QVERIFY(QTest::qWaitForWindowExposed(view.get()));
    view->activateWindow(); // there may be no window manager that does
    QVERIFY(QTest::qWaitForWindowActive(view.get()));
    view->setCurrentIndex(m_model->index(Row, Column));
    view->edit(m_model->index(Row, Column));
    auto *const editor = view->findChild<QDoubleSpinBox *>();
    QVERIFY(editor);
    editor->selectAll();
    typeSlowly(editor);
    QCOMPARE(editor->text(), QLocale().toString(21.5, 'f', 1));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(m_loops->readElement(Row).setpoint, 21.5);
    QCOMPARE(m_loops->readElement(Row).actual, m_loops->readElement(0).actual);
}

void tst_Typing::listView()
{
    auto view = std::make_unique<QListView>();
    view->setModel(m_model.get());
    view->setModelColumn(Column);
    typeInto(std::move(view));
}

void tst_Typing::textInput_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("required property") << QByteArray("setpoint");
    QTest::newRow("property of model") << QByteArray("model.setpoint");
}

void tst_Typing::textInput()
{
    QFETCH(QByteArray, text);
    QQuickView window;
    QQmlComponent component(window.engine());
    component.setData("import QtQuick\n"
                      "ListView {\n"
                      "    id: list\n"
                      "    width: 200; height: 400\n"
                      "    delegate: TextInput {\n"
                      "        required property double setpoint\n"
                      "        required property double actual\n"
                      "        required property var model\n"
                      "        width: 200; height: 20\n"
                      "        text: "
                          + text
                          + "\n"
                            "        onEditingFinished: model.setpoint = Number(text)\n"
                            "    }\n"
                            "}",
                      QUrl());
    auto *const list = qobject_cast<QQuickItem *>(component.create());
    QVERIFY2(list, qPrintable(component.errorString()));
    window.setContent(QUrl(), &component, list);
    list->setProperty("model", QVariant::fromValue(m_model.get()));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.requestActivate();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QQuickItem *input = nullptr;
    QVERIFY(QMetaObject::invokeMethod(list, "itemAtIndex", Q_RETURN_ARG(QQuickItem *, input), Q_ARG(int, Row)));
    QVERIFY(input);
    input->forceActiveFocus();
    QVERIFY(QMetaObject::invokeMethod(input, "selectAll"));
    typeSlowly(static_cast<QWindow *>(&window));
    QCOMPARE(input->property("text").toString(), u"21.5"_s);
    QVERIFY(input->property("actual").toDouble() > 10);
    QTest::keyClick(&window, Qt::Key_Return);
    QTRY_COMPARE(m_loops->readElement(Row).setpoint, 21.5);
}

QTEST_MAIN(tst_Typing)

#include "tst_typing.moc"
