// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

#include "revisionparser.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

RevisionParser::RevisionParser(const SharedLayout &layout, Format format)
    : m_text(layout)
    , m_format(format)
    , m_isStruct(layout.isStruct())
    , m_elementSize(layout.elementSize())
{
}

std::optional<QByteArray> RevisionParser::next()
{
    while (m_error.isEmpty()) {
        if (m_format == Format::Raw && m_length == 0)
            m_length = 1;
        if (m_format == Format::Raw && m_buffer.size() > m_position) {
            const qsizetype wanted = m_length * m_elementSize - m_elements.size();
            const QByteArray taken = m_buffer.mid(m_position, wanted);
            m_elements += taken;
            m_position += taken.size();
        }
        if (m_length > 0 && m_elements.size() >= m_length * m_elementSize) {
            const QByteArray revision = m_elements.first(m_length * m_elementSize);
            m_elements.remove(0, revision.size());
            return revision;
        }
        if (m_format == Format::Raw)
            break;
        qsizetype end = m_buffer.indexOf('\n', m_position);
        if (end == -1) {
            if (!m_isFinished || m_position == m_buffer.size())
                break;
            end = m_buffer.size();
        }
        const QByteArray line = m_buffer.mid(m_position, end - m_position);
        m_position = std::min(end + 1, m_buffer.size());
        ++m_line;
        takeLine(QString::fromUtf8(line.endsWith('\r') ? line.chopped(1) : line));
    }
    m_buffer.remove(0, m_position);
    m_position = 0;
    if (m_isFinished && !m_pending.isEmpty())
        failed(u"a quoted value has no end"_s);
    return std::nullopt;
}

bool RevisionParser::takeLine(const QString &line)
{
    if (m_pending.isEmpty() && line.trimmed().isEmpty())
        return true;
    return m_format == Format::Csv ? takeCsv(line) : takeJson(line);
}

bool RevisionParser::takeCsv(const QString &line)
{
    QStringList values;
    m_pending += line;
    if (!splitCsv(m_pending, &values)) {
        m_pending += u'\n';
        return true;
    }
    m_pending.clear();
    QStringList names = values;
    for (QString &name : names)
        name = name.trimmed();
    QStringList sorted = names;
    QStringList columns = m_text.columns();
    std::sort(sorted.begin(), sorted.end());
    std::sort(columns.begin(), columns.end());
    QString why;
    if (std::exchange(m_mayBeHeader, false) && sorted == columns)
        return m_text.setOrder(names, &why) || failed(why);

    const qsizetype width = m_text.columns().size();
    if (m_isStruct || values.size() % width != 0)
        return append(values);
    for (qsizetype i = 0; i < values.size(); i += width) {
        if (!append(values.mid(i, width)))
            return false;
    }
    if (m_length == 0)
        m_length = m_elements.size() / m_elementSize;
    return true;
}

bool RevisionParser::takeJson(const QString &line)
{
    // In an array, since a line of its own may be a number, which is no document.
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson('[' + line.toUtf8() + ']', &error);
    if (error.error != QJsonParseError::NoError || document.array().size() != 1)
        return failed(u"no JSON value: "_s + error.errorString());
    const QJsonValue value = document.array().first();
    const bool isMany = value.isArray() && !m_isStruct && !m_text.columns().first().endsWith(u']');
    const bool isManyStructs = value.isArray() && m_isStruct;
    const bool isManyArrays = value.isArray() && value.toArray().first().isArray();
    const QJsonArray values = isMany || isManyStructs || isManyArrays ? value.toArray() : QJsonArray{value};
    for (const QJsonValue item : values) {
        QByteArray element(m_elementSize, '\0');
        QString why;
        if (!m_text.read(item, reinterpret_cast<std::byte *>(element.data()), &why))
            return failed(why);
        m_elements += element;
    }
    if (m_length == 0)
        m_length = m_elements.size() / m_elementSize;
    return true;
}

bool RevisionParser::append(const QStringList &values)
{
    QByteArray element(m_elementSize, '\0');
    QString why;
    if (!m_text.read(values, reinterpret_cast<std::byte *>(element.data()), &why))
        return failed(why);
    m_elements += element;
    if (m_isStruct && m_length == 0)
        m_length = 1;
    return true;
}

bool RevisionParser::failed(const QString &why)
{
    m_error = u"line %1: %2"_s.arg(m_line).arg(why);
    return false;
}
