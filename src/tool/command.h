// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "output.h"

#include <QtCore/QCommandLineOption>
#include <QtCore/QCommandLineParser>
#include <QtCore/QStringList>

#include <initializer_list>
#include <new>
#include <optional>

/// The exit status, for scripts.
enum class ExitCode {
    Done = 0,
    Failed = 1, ///< the command failed; standard error says why
    Usage = 2,  ///< the arguments are wrong; standard error says what is expected
};

/// One command of the program.
struct Command
{
    const char *name;
    const char *summary;
    ExitCode (*run)(const QStringList &argumentList);
};

ExitCode runList(const QStringList &argumentList);
ExitCode runInfo(const QStringList &argumentList);
ExitCode runDump(const QStringList &argumentList);
ExitCode runWatch(const QStringList &argumentList);
ExitCode runPublish(const QStringList &argumentList);
ExitCode runCreate(const QStringList &argumentList);
ExitCode runRecord(const QStringList &argumentList);
ExitCode runReplay(const QStringList &argumentList);
ExitCode runWrite(const QStringList &argumentList);
ExitCode runSweep(const QStringList &argumentList);
ExitCode runDoctor(const QStringList &argumentList);
ExitCode runBench(const QStringList &argumentList);

/// Prints an error message. @returns Failed.
ExitCode fail(const QString &text);

/// Calls `work`. Prints an error and @returns false if memory ran out: sizes come from other programs' segments and input.
template<typename Work>
bool guarded(Work work)
{
    try {
        work();
        return true;
    } catch (const std::bad_alloc &) {
        printError(QStringLiteral("there is not enough memory; use less at once"));
        return false;
    }
}

/// The arguments of one command: parses them, answers `--help` and reports usage errors.
class Arguments
{
public:
    /// `positional` names the positional arguments, in order; the last one may be given several times if its name ends with "...".
    /// `description` is for `--help`.
    Arguments(const char *command, const QString &description, std::initializer_list<const char *> positional);

    void addFlag(const QString &name, const QString &description);
    void addOption(const QString &name, const QString &description, const QString &value,
                   const QString &fallback = QString());
    /// As above, for an option with more than one name.
    void addOption(const QStringList &names, const QString &description, const QString &value);

    /// @returns the code to exit with, or nothing if the command is to run.
    std::optional<ExitCode> parse(const QStringList &argumentList);

    QString positional(qsizetype index) const { return m_values.value(index); }
    /// All values of a last argument that may be given several times.
    QStringList positionals(qsizetype from) const { return m_values.mid(from); }
    bool has(const QString &name) const { return m_parser.isSet(name); }
    QString value(const QString &name) const { return m_parser.value(name); }
    QStringList values(const QString &name) const { return m_parser.values(name); }
    /// A number from `least` to `most`. Otherwise reports a usage error and @returns nothing.
    std::optional<qint64> number(const QString &name, qint64 least, qint64 most) const;

    /// Prints a usage error that points to `--help`.
    ExitCode usageError(const QString &text) const;

private:
    /// The parser's error as part of a sentence.
    QString parserError() const;

    QString m_command;
    QList<QString> m_names;
    QStringList m_values;
    QCommandLineParser m_parser;
};
