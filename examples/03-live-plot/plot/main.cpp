// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedSegment>

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>
#include <QtCore/QVariant>
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
        QTextStream(stderr) << "plot: " << file << " cannot be written\n";
        QGuiApplication::exit(1);
        return;
    }
    QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    const bool isLive = window->property("headline").toString() == u"Live"_s;
    if (!isLive)
        QTextStream(stderr) << "plot: nothing is published; is the generator running?\n";
    QGuiApplication::exit(isLive ? 0 : 1);
}

/// Prints the state of each segment, now and at each change.
void printStates(const QQuickWindow *window)
{
    for (const SharedSegment *segment : window->findChildren<SharedSegment *>()) {
        const auto print = [segment] {
            QTextStream(stdout) << segment->name() << ' ' << QVariant::fromValue(segment->state()).toString()
                                << Qt::endl;
        };
        print();
        QObject::connect(segment, &SharedSegment::stateChanged, segment, print);
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows the sound that the generator publishes."_s);
    parser.addHelpOption();
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 5."_s, u"SECONDS"_s,
                                         u"5"_s);
    const QCommandLineOption showOption(u"show"_s, u"Begin with that much of the newest; default: all."_s, u"SECONDS"_s,
                                        u"0"_s);
    const QCommandLineOption verboseOption(u"verbose"_s, u"Print each change of state."_s);
    parser.addOptions({grabOption, afterOption, showOption, verboseOption});
    parser.process(application);

    QQmlApplicationEngine engine;
#ifdef SHAREDSEGMENT_QML_IMPORT_PATH
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
#endif
    engine.setInitialProperties({{u"heldName"_s, u"live-plot/held-%1"_s.arg(QCoreApplication::applicationPid())},
                                 {u"shownSeconds"_s, parser.value(showOption).toDouble()}});
    engine.load(QUrl(u"qrc:/LivePlot/Main.qml"_s));
    auto *const window = engine.rootObjects().isEmpty() ? nullptr
                                                        : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (!window)
        return 1;
    if (parser.isSet(verboseOption))
        printStates(window);
    if (parser.isSet(grabOption)) {
        const std::chrono::milliseconds after(qRound64(parser.value(afterOption).toDouble() * 1000));
        QTimer::singleShot(after, window, [&] { grab(window, parser.value(grabOption)); });
    }
    return QGuiApplication::exec();
}
