// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include <SharedSegment/SharedArrayModel>

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
        QTextStream(stderr) << "setpoints: " << file << " cannot be written\n";
        QGuiApplication::exit(1);
        return;
    }
    QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    const bool hasData = window->findChild<SharedArrayModel *>()->count() > 0;
    if (!hasData)
        QTextStream(stderr) << "setpoints: there are none; is the panel running?\n";
    QGuiApplication::exit(hasData ? 0 : 1);
}

/// Prints the state of the segment and all values, now and at each change.
void printChanges(const QQuickWindow *window)
{
    const auto *const model = window->findChild<SharedArrayModel *>();
    const SharedSegment *const segment = model->segment();
    const auto printState = [segment] {
        QTextStream(stdout) << QVariant::fromValue(segment->state()).toString() << Qt::endl;
    };
    const auto printValues = [model] {
        QStringList values;
        for (int row = 0; row < model->rowCount(); ++row)
            values += model->index(row, 2).data().toString();
        QTextStream(stdout) << values.join(u' ') << Qt::endl;
    };
    printState();
    QObject::connect(segment, &SharedSegment::stateChanged, segment, printState);
    QObject::connect(model, &SharedArrayModel::dataChanged, model, printValues);
    QObject::connect(model, &SharedArrayModel::modelReset, model, printValues);
    QObject::connect(model, &SharedArrayModel::rowsInserted, model, printValues);
    printValues();
}

} // namespace

int main(int argc, char *argv[])
{
    QGuiApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Setpoints that two processes show and change."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"WINDOW"_s, u"\"panel\", which owns them, or \"table\"."_s);
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 2."_s, u"SECONDS"_s,
                                         u"2"_s);
    const QCommandLineOption verboseOption(u"verbose"_s, u"Print each change."_s);
    parser.addOptions({grabOption, afterOption, verboseOption});
    parser.process(application);
    const QString which = parser.positionalArguments().value(0);
    if (which != u"panel"_s && which != u"table"_s) {
        QTextStream(stderr) << "setpoints: say which window: panel or table\n";
        return 1;
    }

    QQmlApplicationEngine engine;
#ifdef SHAREDSEGMENT_QML_IMPORT_PATH
    engine.addImportPath(QStringLiteral(SHAREDSEGMENT_QML_IMPORT_PATH));
#endif
    engine.load(QUrl(which == u"panel"_s ? u"qrc:/Setpoints/Panel.qml"_s : u"qrc:/Setpoints/Table.qml"_s));
    auto *const window = engine.rootObjects().isEmpty() ? nullptr
                                                        : qobject_cast<QQuickWindow *>(engine.rootObjects().first());
    if (!window)
        return 1;
    if (parser.isSet(verboseOption))
        printChanges(window);
    if (parser.isSet(grabOption)) {
        const std::chrono::milliseconds after(qRound64(parser.value(afterOption).toDouble() * 1000));
        QTimer::singleShot(after, window, [&] { grab(window, parser.value(grabOption)); });
    }
    return QGuiApplication::exec();
}
