// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "command.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>

using namespace Qt::StringLiterals;

ExitCode fail(const QString &text)
{
    printError(text);
    return ExitCode::Failed;
}

Arguments::Arguments(const char *command, const QString &description, std::initializer_list<const char *> positional)
    : m_command(QString::fromLatin1(command))
{
    m_parser.setApplicationDescription(description);
    m_parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    m_parser.addOption({{u"h"_s, u"help"_s}, u"Display this help."_s});
    m_parser.addOption(
        {u"registry"_s, u"The registry folder; default: SHAREDSEGMENT_DIR, or that of the user."_s, u"DIR"_s});
    m_parser.addPositionalArgument(m_command, QString());
    for (const char *name : positional)
        m_names.append(QString::fromLatin1(name));
}

void Arguments::addFlag(const QString &name, const QString &description)
{
    m_parser.addOption({name, description});
}

void Arguments::addOption(const QString &name, const QString &description, const QString &value,
                          const QString &fallback)
{
    m_parser.addOption({name, description, value, fallback});
}

void Arguments::addOption(const QStringList &names, const QString &description, const QString &value)
{
    m_parser.addOption({names, description, value});
}

std::optional<ExitCode> Arguments::parse(const QStringList &argumentList)
{
    if (!m_parser.parse(QStringList{QCoreApplication::applicationName()} + argumentList))
        return usageError(parserError());
    if (m_parser.isSet(u"help"_s)) {
        // Qt's usage line puts the options before the command and repeats the names at the end.
        QString text = m_parser.helpText();
        text.truncate(text.indexOf(u"\nArguments:\n"_s));
        text.remove(0, text.indexOf(u'\n'));
        const QStringList usage = QStringList{u"Usage: sharedsegment"_s, m_command} + m_names
                                + QStringList{u"[OPTION...]"_s};
        Output().write((usage.join(u' ') + u'\n' + text).toUtf8());
        return ExitCode::Done;
    }
    if (has(u"registry"_s)) {
        if (value(u"registry"_s).isEmpty())
            return usageError(u"--registry takes a folder, not an empty text"_s);
        // The whole command uses this folder, and so do the processes that it starts.
        qputenv("SHAREDSEGMENT_DIR", QFile::encodeName(value(u"registry"_s)));
    }
    m_values = m_parser.positionalArguments().mid(1);
    if (m_values.size() < m_names.size())
        return usageError(u"%1 is missing"_s.arg(m_names.at(m_values.size())));
    if (m_values.size() > m_names.size() && (m_names.isEmpty() || !m_names.last().endsWith(u"..."_s)))
        return usageError(u"\"%1\" is one argument too many"_s.arg(m_values.at(m_names.size())));
    return std::nullopt;
}

QString Arguments::parserError() const
{
    // Qt returns whole sentences; this text continues.
    QString text = m_parser.errorText();
    if (text.endsWith(u'.'))
        text.chop(1);
    return text.left(1).toLower() + text.mid(1);
}

std::optional<qint64> Arguments::number(const QString &name, qint64 least, qint64 most) const
{
    bool isGood = false;
    const qint64 number = value(name).toLongLong(&isGood);
    if (isGood && number >= least && number <= most)
        return number;
    usageError(
        u"--%1 takes a whole number from %2 to %3, not \"%4\""_s.arg(name).arg(least).arg(most).arg(value(name)));
    return std::nullopt;
}

ExitCode Arguments::usageError(const QString &text) const
{
    printError(text + u"; see: sharedsegment "_s + m_command + u" --help"_s);
    return ExitCode::Usage;
}
