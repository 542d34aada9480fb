// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QString>

/// Incremental tokenizer for JSON (RFC 8259). Numbers stay text and keep all digits; QJsonDocument and QCborValue convert numbers
/// beyond 63 bits to doubles and need the whole document at once.
class JsonTokens
{
public:
    enum class Type { Begin, End, Comma, Colon, String, Word, NeedsMore, AtEnd, Failed };

    struct Token
    {
        Type type = Type::NeedsMore;
        char character = 0; ///< the bracket of Begin and End
        QByteArrayView
            text; ///< an unescaped string (a lone surrogate takes three bytes), a number or a word; valid until the next call
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
    qsizetype m_seen = 0; ///< examined bytes of an unfinished string, so that each byte is examined once
    QByteArray m_text;
    qint64 m_line = 1;
    bool m_isFinished = false;
    QString m_error;
};
