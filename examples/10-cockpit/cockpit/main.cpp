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

#include <chrono>

using namespace Qt::StringLiterals;

namespace {

void grab(QQuickWindow *window, const QString &file)
{
    const bool isSaved = window->grabWindow().save(file, "PNG");
    if (isSaved)
        QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    else
        QTextStream(stderr) << "cockpit: " << file << " cannot be written\n";
    QGuiApplication::exit(isSaved ? 0 : 1);
}

} // namespace

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows what the plant publishes."_s);
    parser.addHelpOption();
    const QCommandLineOption themeOption(u"theme"_s, u"\"light\" or \"dark\"; default: as the system has it."_s,
                                         u"THEME"_s);
    const QCommandLineOption sizeOption(u"size"_s, u"Size of the window; default 1280x800."_s, u"WxH"_s, u"1280x800"_s);
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 3."_s, u"SECONDS"_s,
                                         u"3"_s);
    parser.addOptions({themeOption, sizeOption, grabOption, afterOption});
    parser.process(application);

    QQmlApplicationEngine engine;
#ifdef SHAREDSEGMENT_QML_IMPORT_PATH
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
#endif
    const QStringList size = parser.value(sizeOption).split(u'x');
    engine.setInitialProperties({{u"theme"_s, parser.value(themeOption)},
                                 {u"width"_s, size.value(0).toInt()},
                                 {u"height"_s, size.value(1).toInt()}});
    engine.load(QUrl(u"qrc:/PlantCockpit/Main.qml"_s));
    auto *const window = engine.rootObjects().isEmpty() ? nullptr
                                                        : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (!window)
        return 1;
    if (parser.isSet(grabOption)) {
        const std::chrono::milliseconds after(qRound64(parser.value(afterOption).toDouble() * 1000));
        QTimer::singleShot(after, window, [&] { grab(window, parser.value(grabOption)); });
    }
    return QGuiApplication::exec();
}
