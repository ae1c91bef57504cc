#include "service/pattern_notes.h"

#include <cstddef>
#include <string>
#include <utility>

#include "service/in_quotes.h"
#include "watch/pattern_search.h"

namespace regwatch {
namespace {

// Twice what one pattern may find by default, and some more; a few tenths of a second.
constexpr std::size_t kMostKeys = 30'000;

std::string note_on(const LocatedPattern& pattern, PatternSearch& search) {
    const PatternFit fit = search.look_for(pattern.keys, pattern.max_keys);
    if (search.is_exhausted()) {
        return "which keys of this machine fit " + in_quotes(pattern.keys.front()) +
               " and the patterns after it was not looked for, because it would take long";
    }
    if (fit == PatternFit::no_key) {
        return "no key of this machine fits " + in_quotes(pattern.keys.front()) +
               " now; one that comes later is watched from then on";
    }
    if (fit == PatternFit::too_many_keys) {
        const std::string limit = std::to_string(pattern.max_keys);
        return in_quotes(pattern.keys.front()) + " fits more than " + limit +
               " keys of this machine, but \"max_keys\" is " + limit +
               ": what is beyond is not watched";
    }
    return {};
}

}  // namespace

std::vector<Problem> pattern_notes(const LoadOutcome& loaded, Registry& registry) {
    std::vector<Problem> notes;
    PatternSearch search(registry, kMostKeys);
    for (const LocatedPattern& pattern : loaded.patterns) {
        Problem note = pattern.place;
        note.message = note_on(pattern, search);
        if (!note.message.empty()) notes.push_back(std::move(note));
        if (search.is_exhausted()) break;
    }
    return notes;
}

}  // namespace regwatch
