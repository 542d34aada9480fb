// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QCommandLineOption>
#include <QtCore/QCommandLineParser>
#include <QtCore/QStringList>

#include <initializer_list>
#include <new>
#include <optional>

/// What every program that is asked something answers to a script.
enum class ExitCode {
    Done = 0,
    Failed = 1, ///< it could not be done; standard error says why
    Usage = 2,  ///< it was asked for in a way that makes no sense; standard error says how it is asked for
};

/// One command of the program.
struct Command
{
    const char *name;
    const char *summary;
    ExitCode (*run)(const QStringList &arguments);
};

ExitCode runList(const QStringList &arguments);
ExitCode runInfo(const QStringList &arguments);
ExitCode runDump(const QStringList &arguments);
ExitCode runWatch(const QStringList &arguments);
ExitCode runPublish(const QStringList &arguments);
ExitCode runCreate(const QStringList &arguments);
ExitCode runWrite(const QStringList &arguments);
ExitCode runSweep(const QStringList &arguments);
ExitCode runDoctor(const QStringList &arguments);
ExitCode runBench(const QStringList &arguments);

/// Says on standard error what went wrong.
void complain(const QString &text);
ExitCode fail(const QString &text);

/// Calls `work`. @returns false, having said so, if memory ran out: sizes come from the segments and input of others.
template<typename Work>
bool guarded(Work work)
{
    try {
        work();
        return true;
    } catch (const std::bad_alloc &) {
        complain(QStringLiteral("there is not enough memory; use less at once"));
        return false;
    }
}

/// The arguments of one command: parses them, answers `--help`, and finds fault with the rest.
class Arguments
{
public:
    /// `positional` names what follows the options, in order; `description` is for `--help`.
    Arguments(const char *command, const QString &description, std::initializer_list<const char *> positional);

    void addFlag(const QString &name, const QString &description);
    void addOption(const QString &name, const QString &description, const QString &value,
                   const QString &fallback = QString());

    /// @returns the code to end with, or nothing if all is well and there is something to do.
    std::optional<ExitCode> parse(const QStringList &arguments);

    QString positional(qsizetype index) const { return m_values.value(index); }
    bool has(const QString &name) const { return m_parser.isSet(name); }
    QString value(const QString &name) const { return m_parser.value(name); }
    QStringList values(const QString &name) const { return m_parser.values(name); }
    /// A number from `least` to `most`. Complains and @returns nothing if it is none.
    std::optional<qint64> number(const QString &name, qint64 least, qint64 most) const;

    /// Complains about the use of the command.
    ExitCode misuse(const QString &text) const;

private:
    /// What the parser finds fault with, as part of a sentence.
    QString parserError() const;

    QString m_command;
    QList<QString> m_names;
    QStringList m_values;
    QCommandLineParser m_parser;
};
