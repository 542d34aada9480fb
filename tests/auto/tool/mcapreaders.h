// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include "../../support/testpaths.h"

#include <QtCore/QByteArray>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QStandardPaths>
#include <QtCore/QStringList>

/// Readers of MCAP files that share no code with the command. A test has the paths SCRIPTS and PACKAGES.
namespace testsupport {

/// What a reader printed: a line for each message. If it failed, the reason instead.
inline QByteArray outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(60'000);
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0
             ? process.readAllStandardOutput()
             : "failed: " + process.readAllStandardError();
}

/// Checks the bytes of the file against the specification.
inline QByteArray checkedMcap(const QString &file)
{
    return outputOf(QStringLiteral("python3"), {testPath("SCRIPTS") + QStringLiteral("/checkmcap.py"), file});
}

/// The folder of the npm package @mcap/core, or why there is none.
inline QString packagesOfMcap(QByteArray *why)
{
    const QString folder = qEnvironmentVariable("SHAREDSEGMENT_MCAP_READER", testPath("PACKAGES"));
    if (QStandardPaths::findExecutable(QStringLiteral("node")).isEmpty())
        *why = "no program \"node\"; install nodejs and npm";
    else if (!QFile::exists(folder + QStringLiteral("/node_modules/@mcap/core/package.json")))
        *why = "no reader by the format's authors in " + folder.toUtf8() + "; run: npm install --no-save --prefix "
             + folder.toUtf8() + " @mcap/core@2.2.2";
    return folder;
}

/// Reads the file with the reader of the format's authors.
inline QByteArray readMcap(const QString &packages, const QString &file)
{
    return outputOf(QStringLiteral("node"), {testPath("SCRIPTS") + QStringLiteral("/readmcap.cjs"), packages, file});
}

} // namespace testsupport
