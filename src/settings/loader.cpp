#include "settings/loader.h"

#include <exception>
#include <utility>

#include "settings/decoding.h"
#include "settings/json_tree.h"
#include "settings/problem_list.h"
#include "settings/readers.h"
#include "text/utf.h"

namespace regwatch {
namespace {

constexpr const char* kEmpty =
    "the file is empty; a config is an object with the fields \"watches\" and \"actions\"";

void add_json_error(const JsonError& error, ProblemList& problems) {
    std::string message = error.message;
    if (error.left_open) {
        message +=
            "; the bracket opened in " + problems.line_of(*error.left_open) + " is not closed";
    }
    problems.add_at_pointer(error.pointer, error.offset, std::move(message));
}

std::optional<Settings> read_text(std::string_view text, ProblemList& problems) {
    const JsonDocument document = read_json(text);
    if (document.is_blank) {
        problems.add_without_place(kEmpty);
        return {};
    }
    if (document.error) {
        add_json_error(*document.error, problems);
        return {};
    }
    Settings settings = read_settings(document.root, problems);
    if (!problems.empty()) return {};
    return settings;
}

LoadOutcome load(std::string_view bytes, const std::string& file_name) {
    const DecodedText decoded = decode_config(bytes);
    ProblemList problems(file_name, decoded.text);
    LoadOutcome outcome;
    if (decoded.problem.empty()) {
        outcome.settings = read_text(decoded.text, problems);
    } else if (decoded.has_place) {
        problems.add(JsonPath{}, decoded.text.size(), decoded.problem);
    } else {
        problems.add_without_place(decoded.problem);
    }
    outcome.problems = problems.take();
    return outcome;
}

// Nothing of the failed attempt is left by now, so there is memory for one sentence.
LoadOutcome gave_up(const std::string& file_name, const char* reason) noexcept {
    LoadOutcome outcome;
    try {
        outcome.problems.push_back(
            {file_name, 0, 0, {}, std::string("the file could not be read to its end: ") + reason});
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

LoadOutcome load_settings(std::string_view bytes, const std::string& file_name) noexcept {
    try {
        return load(bytes, file_name);
    } catch (const std::exception& error) {
        return gave_up(file_name, error.what());
    } catch (...) {
        return gave_up(file_name, "an unknown failure");
    }
}

}  // namespace regwatch
