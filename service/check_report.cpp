#include "service/check_report.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace regwatch {
namespace {

using nlohmann::ordered_json;

std::string laid_out(const ordered_json& report) {
    return report.dump(4, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json located(const std::vector<Problem>& problems) {
    ordered_json list = ordered_json::array();
    for (const Problem& problem : problems) {
        ordered_json entry = {{"file", problem.file}};
        if (problem.line != 0) {
            entry["line"] = problem.line;
            entry["column"] = problem.column;
        }
        if (!problem.pointer.empty()) entry["pointer"] = problem.pointer;
        entry["message"] = problem.message;
        list.push_back(std::move(entry));
    }
    return list;
}

}  // namespace

std::string check_json(const LoadOutcome& outcome, const std::string& file,
                       const std::vector<Problem>& notes) {
    ordered_json report = {{"file", file}, {"good", outcome.settings.has_value()}};
    if (outcome.settings) {
        report["watches"] = outcome.settings->watches.size();
        report["actions"] = outcome.settings->actions.size();
    }
    report["problem_count"] = outcome.problem_count;
    report["problems"] = located(outcome.problems);
    report["notes"] = located(notes);
    return laid_out(report);
}

std::string check_json(const Error& error, const std::string& file) {
    const ordered_json problem = {{"file", file}, {"message", error.reason}};
    return laid_out({{"file", file},
                     {"good", false},
                     {"problem_count", 1},
                     {"problems", ordered_json::array({problem})}});
}

}  // namespace regwatch
