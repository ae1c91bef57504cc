#include "settings/loader.h"

#include <exception>
#include <utility>

#include "settings/config_files.h"
#include "settings/readers.h"
#include "text/utf.h"

namespace regwatch {
namespace {

void add_patterns(ConfigFile& file, std::vector<LocatedPattern>& patterns) {
    std::vector<std::size_t> offsets;
    for (const ReadPattern& read : file.patterns) offsets.push_back(read.offset);
    const auto places = file.problems.places_of(offsets);
    for (std::size_t i = 0; i < places.size(); ++i) {
        LocatedPattern& pattern = file.patterns[i].pattern;
        pattern.place.file = file.name;
        pattern.place.line = places[i].line;
        pattern.place.column = places[i].column;
        patterns.push_back(std::move(pattern));
    }
}

LoadOutcome load(std::string_view bytes, const std::string& file_name, const ConfigSource& source) {
    const ConfigFiles files = read_config_files(bytes, file_name, source);
    LoadOutcome outcome;
    Settings settings = read_settings(files, outcome.switched_off);
    for (const auto& file : files) {
        outcome.files.push_back(file->name);
        outcome.problem_count += file->problems.count();
        for (Problem& problem : file->problems.take()) {
            outcome.problems.push_back(std::move(problem));
        }
    }
    for (const auto& file : files)
        outcome.files.insert(outcome.files.end(), file->missed.begin(), file->missed.end());
    if (!outcome.problems.empty()) return outcome;
    outcome.settings = std::move(settings);
    for (const auto& file : files) add_patterns(*file, outcome.patterns);
    return outcome;
}

// Nothing of the failed attempt is left by now, so there is memory for one sentence.
LoadOutcome gave_up(const std::string& file_name, const char* reason) noexcept {
    LoadOutcome outcome;
    try {
        outcome.problems.push_back(
            {file_name, 0, 0, {}, std::string("the file could not be read to its end: ") + reason});
        outcome.problem_count = 1;
    } catch (...) {
        outcome.problems.clear();
    }
    return outcome;
}

}  // namespace

std::string Problem::text() const {
    std::string out = readable(std::string_view(file));
    if (line != 0) out += ":" + std::to_string(line) + ":" + std::to_string(column);
    if (!pointer.empty()) out += ": " + readable(std::string_view(pointer));
    return out + ": " + readable(std::string_view(message));
}

LoadOutcome load_settings(std::string_view bytes, const std::string& file_name,
                          const ConfigSource& source) noexcept {
    try {
        return load(bytes, file_name, source);
    } catch (const std::exception& error) {
        return gave_up(file_name, error.what());
    } catch (...) {
        return gave_up(file_name, "an unknown failure");
    }
}

}  // namespace regwatch
