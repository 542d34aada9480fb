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

void RevisionParser::takeLine(const QString &line)
{
    if (m_pending.isEmpty() && line.trimmed().isEmpty())
        return;
    if (m_format == Format::Csv)
        takeCsv(line);
    else
        takeJson(line);
}

void RevisionParser::takeCsv(const QString &line)
{
    QStringList values;
    m_pending += line;
    if (!splitCsv(m_pending, &values)) {
        m_pending += u'\n';
        return;
    }
    m_pending.clear();
    if (std::exchange(m_mayBeHeader, false)) {
        QStringList names = values;
        for (QString &name : names)
            name = name.trimmed();
        QString why;
        if (m_text.setOrder(names, &why))
            return;
    }
    const qsizetype width = m_isStruct || values.size() % m_text.columns().size() != 0 ? values.size()
                                                                                       : m_text.columns().size();
    for (qsizetype i = 0; i < values.size(); i += width) {
        if (!append(values.mid(i, width)))
            return;
    }
    settleLength();
}

void RevisionParser::takeJson(const QString &line)
{
    // In an array, since a line of its own may be a number, which is no document.
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson('[' + line.toUtf8() + ']', &error);
    if (error.error != QJsonParseError::NoError || document.array().size() != 1) {
        failed(u"no JSON value: "_s + error.errorString());
        return;
    }
    const QJsonValue value = document.array().first();
    // An array is an element itself where that is what an element is; one of arrays then is several.
    const bool isElementArray = !m_isStruct && m_text.columns().first().endsWith(u']');
    const bool isMany = value.isArray() && (!isElementArray || value.toArray().first().isArray());
    const QJsonArray values = isMany ? value.toArray() : QJsonArray{value};
    for (const QJsonValue item : values) {
        QByteArray element(m_elementSize, '\0');
        QString why;
        if (!m_text.read(item, reinterpret_cast<std::byte *>(element.data()), &why)) {
            failed(why);
            return;
        }
        m_elements += element;
    }
    settleLength();
}

bool RevisionParser::append(const QStringList &values)
{
    QByteArray element(m_elementSize, '\0');
    QString why;
    if (!m_text.read(values, reinterpret_cast<std::byte *>(element.data()), &why))
        return failed(why);
    m_elements += element;
    return true;
}

void RevisionParser::settleLength()
{
    if (m_length == 0)
        m_length = m_elements.size() / m_elementSize;
}

bool RevisionParser::failed(const QString &why)
{
    m_error = u"line %1: %2"_s.arg(m_line).arg(why);
    return false;
}
