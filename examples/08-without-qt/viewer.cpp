// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>
#include <QtGui/QGuiApplication>
#include <QtGui/QImage>
#include <QtQml/QQmlApplicationEngine>
#include <QtQuick/QQuickWindow>

using namespace Qt::StringLiterals;

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows how late this machine wakes a program that sleeps."_s);
    parser.addHelpOption();
    const QCommandLineOption grabOption(u"grab"_s,
                                        u"After four seconds write a picture as PNG, print its path, and end."_s,
                                        u"FILE"_s);
    parser.addOption(grabOption);
    parser.process(application);

    QQmlApplicationEngine engine;
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
    engine.load(QUrl(u"qrc:/Lateness/Main.qml"_s));
    auto *const window = engine.rootObjects().isEmpty() ? nullptr
                                                        : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (!window)
        return 1;
    if (parser.isSet(grabOption)) {
        QTimer::singleShot(4000, window, [window, file = parser.value(grabOption)] {
            const bool isWritten = window->grabWindow().save(file, "PNG");
            QTextStream(isWritten ? stdout : stderr)
                << (isWritten ? QFileInfo(file).absoluteFilePath() : u"viewer: %1 cannot be written"_s.arg(file))
                << Qt::endl;
            QGuiApplication::exit(isWritten ? 0 : 1);
        });
    }
    return QGuiApplication::exec();
}
