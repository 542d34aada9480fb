// SPDX-FileCopyrightText: 2026 The SharedSegment authors
// SPDX-License-Identifier: MIT

// What a view requests from the model.

#include "counting.h"

#include <SharedSegment/SharedArray>
#include <SharedSegment/SharedArrayModel>

#include <array>
#include <cstring>

using namespace Qt::StringLiterals;

struct Reading
{
    qint32 id;
    double value;
    char label[20];
};
SHARED_STRUCT(Reading, id, value, label)

namespace {

constexpr int Visible = 50;

void countNumbers()
{
    SharedArray<double> array(u"numbers"_s);
    SharedArrayModel model;
    model.setSegment(array.segment());
    if (!array.create(1000))
        giveUp("create");
    int row = 0;
    auto read = [&] {
        row = (row + 7) % Visible;
        if (!model.data(model.index(row, 0), Qt::DisplayRole).isValid())
            giveUp("get a number of the model");
    };
    // The first read of a row takes longer than the reads of each refresh.
    for (int i = 0; i < Visible; ++i)
        read();
    count("data() of a number", read);
}

void countFields()
{
    SharedArray<Reading, 100> array(u"readings"_s);
    SharedArrayModel model;
    model.setSegment(array.segment());
    if (!array.create())
        giveUp("create");
    {
        auto writer = array.beginWrite();
        for (Reading &reading : writer)
            std::strcpy(reading.label, "pressure");
    }
    const int label = model.roleNames().key("label");
    int row = 0;
    count("data() of a text by its role", [&] {
        row = (row + 7) % 100;
        if (!model.data(model.index(row, 0), label).isValid())
            giveUp("get a text of the model");
    });
}

} // namespace

void countModel()
{
    countNumbers();
    countFields();
}
