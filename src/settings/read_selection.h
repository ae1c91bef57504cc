// The fields of a watch that say what of its keys is looked at and what of a change is handed on.
//
// One thread; called by read_watch.cpp. Reports into the reader's list of problems and goes on.
#pragma once

#include <string>
#include <string_view>

#include "settings/object_reader.h"
#include "settings/settings.h"

namespace regwatch {

// What is wrong with the "**" of a pattern; empty: nothing.
[[nodiscard]] std::string complaint_about_stars(std::u16string_view pattern);

void read_selection(ObjectReader& reader, WatchSettings& watch);

}  // namespace regwatch
