// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// QCustomPlot, as its documentation recommends for much data: adaptive sampling, no antialiasing, lines of one pixel.

// Its header has the keywords of Qt.
#undef QT_NO_KEYWORDS

#include "widgetplotpeer.h"

#include <qcustomplot.h>

namespace {

class CustomPlotPeer : public WidgetPlotPeer
{
public:
    explicit CustomPlotPeer(const scene::Source &source)
        : WidgetPlotPeer(source)
    {
        m_plot.setNotAntialiasedElements(QCP::aeAll);
        m_plot.setPlottingHints(QCP::phFastPolylines | QCP::phCacheLabels);
        m_plot.yAxis->setRange(scene::Lowest, scene::Highest);
        for (int i = 0; i < scene::SeriesCount; ++i) {
            m_plot.addGraph()->setPen(QPen(scene::colorOf(i), 1));
            m_plot.graph(i)->setAdaptiveSampling(true);
        }
    }

    scene::Picture picture() override
    {
        scene::Picture result;
        result.image = m_plot.grab().toImage();
        result.column = [this](qint64 sample) { return m_plot.xAxis->coordToPixel(toX(sample)); };
        result.row = [this](double value) { return m_plot.yAxis->coordToPixel(value); };
        result.left = m_plot.axisRect()->left();
        result.right = m_plot.axisRect()->right();
        result.newest = m_newest;
        return result;
    }

protected:
    QWidget *widget() override { return &m_plot; }

    qint64 step() override
    {
        qint64 samples = 0;
        for (int i = 0; i < scene::SeriesCount; ++i) {
            qint64 number = 0;
            QVector<QCPGraphData> points;
            const std::vector<float> &values = m_feed.read(i, &number);
            points.reserve(static_cast<qsizetype>(values.size()));
            for (const float value : values)
                points.append(QCPGraphData(toX(number++), static_cast<double>(value)));
            samples += points.size();
            m_newest = number;
            const auto data = m_plot.graph(i)->data();
            data->add(points, true);
            data->removeBefore(toX(m_newest) - scene::Span);
        }
        m_plot.xAxis->setRange(toX(m_newest) - scene::Span, toX(m_newest));
        m_plot.replot(QCustomPlot::rpQueuedReplot);
        return samples;
    }

private:
    static double toX(qint64 sample) { return static_cast<double>(sample) / scene::Rate; }

    QCustomPlot m_plot;
    qint64 m_newest = 0;
};

} // namespace

QList<PlotPeer::Kind> customPlots()
{
    return {{"QCustomPlot", makePlotPeer<CustomPlotPeer>}};
}
