// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

/// The tokens of JSON (RFC 8259) in bytes as they come. Numbers stay text, so that no digit of theirs is lost; QJsonDocument and
/// QCborValue make doubles of those beyond 63 bits, and want the whole document at once.
class JsonTokens
{
public:
    enum class Type { Begin, End, Comma, Colon, String, Word, NeedsMore, AtEnd, Failed };

    struct Token
    {
        Type type = Type::NeedsMore;
        char character = 0; ///< of Begin and End
        QByteArrayView
            text; ///< a string without its escapes (a lone surrogate takes three bytes), a number, a word; until the next call
        qint64 line = 0;
    };

    void feed(QByteArrayView bytes);
    void finish() { m_isFinished = true; }
    Token next();
    const QString &errorString() const { return m_error; }
    qint64 line() const { return m_line; }

private:
    Token string();
    Token noValue(char c);
    Token failed(const QString &why);

    QByteArray m_buffer;
    qsizetype m_position = 0;
    qsizetype m_seen = 0; ///< of a string, so that waiting for its end looks at each byte once
    QByteArray m_text;
    qint64 m_line = 1;
    bool m_isFinished = false;
    QString m_error;
};
