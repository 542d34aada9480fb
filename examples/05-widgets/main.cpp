// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "roomwindow.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QFileInfo>
#include <QtCore/QTextStream>
#include <QtCore/QTimer>
#include <QtGui/QFontDatabase>
#include <QtWidgets/QApplication>

#include <chrono>

using namespace Qt::StringLiterals;

namespace {

void setAppearance()
{
    QPalette palette;
    palette.setColor(QPalette::Window, QColor(0x0b, 0x0e, 0x13));
    palette.setColor(QPalette::Base, QColor(0x13, 0x18, 0x20));
    palette.setColor(QPalette::Button, QColor(0x21, 0x29, 0x35));
    palette.setColor(QPalette::Midlight, QColor(0x21, 0x29, 0x35));
    palette.setColor(QPalette::Mid, QColor(0x2a, 0x33, 0x40));
    palette.setColor(QPalette::Highlight, QColor(0x1d, 0x33, 0x49));
    for (QPalette::ColorRole role :
         {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(role, QColor(0xee, 0xf2, 0xf7));
    palette.setColor(QPalette::PlaceholderText, QColor(0x98, 0xa4, 0xb5));
    QApplication::setPalette(palette);

    QFont font;
    // Font families with digits of equal width, so that changing figures do not move.
    for (const QString &family : {u"Roboto"_s, u"Noto Sans"_s, u"DejaVu Sans"_s}) {
        if (QFontDatabase::hasFamily(family)) {
            font.setFamily(family);
            break;
        }
    }
    font.setPixelSize(17);
    QApplication::setFont(font);
    qApp->setStyleSheet(uR"(
        #title { font-size: 24px }
        QTableView { background: #131820; border-radius: 10px; padding-bottom: 8px }
        QHeaderView { background: transparent }
        QHeaderView::section {
            background: transparent; border: none; color: #98a4b5; font-size: 14px; padding: 0 24px
        }
        QLineEdit, QDoubleSpinBox { background: #212935; border: none; border-radius: 10px; padding: 0 12px; min-height: 40px }
        QScrollBar:vertical { background: transparent; width: 10px }
        QScrollBar::handle { background: #2a3340; border-radius: 5px; min-height: 40px }
        QScrollBar::add-line, QScrollBar::sub-line { height: 0 }
    )"_s);
}

void grab(RoomWindow *window, const QString &file)
{
    if (!window->grab().save(file, "PNG")) {
        QTextStream(stderr) << "rooms: " << file << " cannot be written\n";
        QApplication::exit(1);
        return;
    }
    QTextStream(stdout) << QFileInfo(file).absoluteFilePath() << Qt::endl;
    const bool hasData = window->segment().revision() > 0;
    if (!hasData)
        QTextStream(stderr) << "rooms: there are none; is the building running?\n";
    QApplication::exit(hasData ? 0 : 1);
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Shows the rooms of the building."_s);
    parser.addHelpOption();
    const QCommandLineOption grabOption(u"grab"_s, u"Write a picture as PNG, print its path, and end."_s, u"FILE"_s);
    const QCommandLineOption afterOption(u"after"_s, u"After that time, in seconds; default 3."_s, u"SECONDS"_s,
                                         u"3"_s);
    const QCommandLineOption verboseOption(u"verbose"_s, u"Print each change of state."_s);
    const QCommandLineOption searchOption(u"search"_s, u"Show the rooms whose name contains this."_s, u"TEXT"_s);
    parser.addOptions({grabOption, afterOption, verboseOption, searchOption});
    parser.process(application);

    setAppearance();
    RoomWindow window;
    if (parser.isSet(verboseOption)) {
        const auto print = [&window] { QTextStream(stdout) << window.headline() << Qt::endl; };
        print();
        QObject::connect(&window, &RoomWindow::headlineChanged, &window, print);
    }
    window.search(parser.value(searchOption));
    window.show();
    if (parser.isSet(grabOption)) {
        const std::chrono::milliseconds after(qRound64(parser.value(afterOption).toDouble() * 1000));
        QTimer::singleShot(after, &window, [&] { grab(&window, parser.value(grabOption)); });
    }
    return QApplication::exec();
}
