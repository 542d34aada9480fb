// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "reporter.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QSysInfo>
#include <QtGui/QGuiApplication>
#include <QtQml/QQmlApplicationEngine>
#include <QtQuick/QQuickWindow>

using namespace Qt::StringLiterals;

namespace {

/// Returns the value of an option that must be known before the QGuiApplication exists.
QString earlyOption(int argc, char *argv[], const QString &name)
{
    QStringList arguments;
    for (int i = 0; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    const qsizetype index = arguments.indexOf(name);
    return index > 0 ? arguments.value(index + 1) : QString();
}

} // namespace

int main(int argc, char *argv[])
{
    if (const QString scale = earlyOption(argc, argv, u"--scale"_s); !scale.isEmpty())
        qputenv("QT_SCALE_FACTOR", scale.toLatin1());

    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows what the sampler publishes."_s);
    parser.addHelpOption();
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"So long after the first data, in seconds; default 4."_s,
                                         u"SECONDS"_s, u"4"_s);
    const QCommandLineOption scaleOption(u"scale"_s, u"Draw everything that much larger."_s, u"FACTOR"_s);
    const QCommandLineOption headingOption(u"heading"_s, u"Instead of the machine's name."_s, u"TEXT"_s,
                                           QSysInfo::machineHostName());
    const QCommandLineOption verboseOption(u"verbose"_s, u"Print each change of state."_s);
    parser.addOptions({grabOption, afterOption, scaleOption, headingOption, verboseOption});
    parser.process(application);

    QQmlApplicationEngine engine;
#ifdef SHAREDSEGMENT_QML_IMPORT_PATH
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
#endif
    engine.setInitialProperties({{u"heading"_s, parser.value(headingOption)}});
    engine.load(QUrl(u"qrc:/SystemMonitor/Main.qml"_s));
    auto *const window = engine.rootObjects().isEmpty() ? nullptr
                                                        : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (!window)
        return 1;

    Reporter reporter(window);
    if (parser.isSet(verboseOption))
        reporter.printChanges();
    if (parser.isSet(grabOption))
        reporter.grabLater(parser.value(grabOption), parser.value(afterOption).toDouble());
    return QGuiApplication::exec();
}
