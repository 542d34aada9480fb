// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedStreamModel>

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
    if (!window->grabWindow().save(file, "PNG")) {
        QTextStream(stderr) << "viewer: " << file << " cannot be written\n";
        QGuiApplication::exit(1);
        return;
    }
    QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    const auto *const model = window->findChild<SharedStreamModel *>();
    QTextStream(stdout) << model->count() << " lines, " << window->property("found").toInt() << " found, "
                        << model->skipped() << " skipped" << Qt::endl;
    QGuiApplication::exit(0);
}

} // namespace

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows the stream \"log/lines\"."_s);
    parser.addHelpOption();
    const QCommandLineOption searchOption(u"search"_s, u"Start with that search."_s, u"TEXT"_s);
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 2."_s, u"SECONDS"_s,
                                         u"2"_s);
    parser.addOptions({searchOption, grabOption, afterOption});
    parser.process(application);

    QQmlApplicationEngine engine;
#ifdef SHAREDSEGMENT_QML_IMPORT_PATH
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
#endif
    engine.setInitialProperties({{u"search"_s, parser.value(searchOption)}});
    engine.load(QUrl(u"qrc:/LogViewer/Main.qml"_s));
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
