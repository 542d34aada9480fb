// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>
#include <QtGui/QGuiApplication>
#include <QtGui/QIcon>
#include <QtGui/QImage>
#include <QtQml/QQmlApplicationEngine>
#include <QtQuick/QQuickWindow>

#include <chrono>

using namespace Qt::StringLiterals;

namespace {

void grab(QQuickWindow *window, const QString &file)
{
    if (!window->grabWindow().save(file, "PNG")) {
        QTextStream(stderr) << "sharedsegment-explorer: " << file << " cannot be written\n";
        QGuiApplication::exit(1);
        return;
    }
    QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    QGuiApplication::exit(0);
}

} // namespace

int main(int argc, char **argv)
{
    QGuiApplication application(argc, argv);
    QGuiApplication::setApplicationDisplayName(u"SharedSegment Explorer"_s);
    QGuiApplication::setDesktopFileName(u"sharedsegment-explorer"_s);
    QGuiApplication::setWindowIcon(QIcon::fromTheme(u"sharedsegment-explorer"_s));
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows the segments that programs share, and their values, live."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"NAME"_s, u"The segment to show first."_s, u"[NAME]"_s);
    const QCommandLineOption registryOption(u"registry"_s, u"The registry folder; default: as for all programs."_s,
                                            u"FOLDER"_s);
    const QCommandLineOption filterOption(u"filter"_s, u"Show only names with these words."_s, u"WORDS"_s);
    const QCommandLineOption themeOption(u"theme"_s, u"The colours: light or dark; default: as the system."_s,
                                         u"THEME"_s);
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 3."_s, u"SECONDS"_s,
                                         u"3"_s);
    parser.addOptions({registryOption, filterOption, themeOption, grabOption, afterOption});
    parser.process(application);
    if (parser.isSet(themeOption) && !QStringList{u"light"_s, u"dark"_s}.contains(parser.value(themeOption))) {
        QTextStream(stderr) << "sharedsegment-explorer: --theme takes light or dark, not \""
                            << parser.value(themeOption) << "\"\n";
        return 2;
    }

    QQmlApplicationEngine engine;
    engine.addImportPath(u"qrc:/"_s); // its own module
    // The module as it is installed, and as it is built.
    for (const QString &path : {QStringLiteral(MODULE_FROM_HERE), u".."_s})
        engine.addImportPath(QCoreApplication::applicationDirPath() + u'/' + path);
    engine.setInitialProperties({{u"registry"_s, parser.value(registryOption)},
                                 {u"filter"_s, parser.value(filterOption)},
                                 {u"theme"_s, parser.value(themeOption)},
                                 {u"first"_s, parser.positionalArguments().value(0)}});
    engine.load(QUrl(u"qrc:/SharedSegmentExplorer/Main.qml"_s));
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
