// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedArray>

#include <QtCore/QTimer>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlApplicationEngine>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);

    const QList<double> values{1.0, 2.5, -3.0, 4.0};
    SharedArray<double> written(u"consumer/qml"_s);
    if (!written.create(values.size()) || !written.publish(values)) {
        qCritical("%ls", qUtf16Printable(written.errorString()));
        return 1;
    }

    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral(CONSUMER_IMPORT_PATH));
    QTimer::singleShot(20'000, &application, [] {
        qCritical("the QML file did not end in time");
        QCoreApplication::exit(2);
    });
    engine.load(QUrl::fromLocalFile(QStringLiteral(CONSUMER_QML_FILE)));
    return engine.rootObjects().isEmpty() ? 3 : QCoreApplication::exec();
}
